/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "programs/program.h"

G_BEGIN_DECLS

gboolean fast_card_encode (FastInvocation *invocation, GError **error);
gboolean fast_card_finish (FastInvocation *invocation, GError **error);
gboolean fast_card_inspect (FastInvocation *invocation, GError **error);
gboolean fast_card_keys_csr (FastInvocation *invocation, GError **error);
gboolean fast_card_keys_import (FastInvocation *invocation, GError **error);
gboolean fast_card_keys_list (FastInvocation *invocation, GError **error);
gboolean fast_card_keys_master_list (FastInvocation *invocation, GError **error);
gboolean fast_card_keys_training (FastInvocation *invocation, GError **error);
gboolean fast_card_lds (FastInvocation *invocation, GError **error);
gboolean fast_card_print (FastInvocation *invocation, GError **error);
gboolean fast_card_stock_allot (FastInvocation *invocation, GError **error);
gboolean fast_card_stock_receive (FastInvocation *invocation, GError **error);

G_END_DECLS

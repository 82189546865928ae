/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/cv-certificate.h"

G_BEGIN_DECLS

GPtrArray *fast_cv_path_find (GPtrArray *certificates, const char *const *authorities,
                              GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastPayment:
 * @amount: decimal with two places, as in `50.00`
 * @currency: ISO 4217, as in `CAD`
 * @method: `card`, `cash`, `cheque`, `money-order` or `online`
 * @receipt: number of the receipt that was given
 * @taken: day, YYYY-MM-DD
 *
 * A fee that was taken. Fees are not refunded.
 */
typedef struct {
  const char *amount;
  const char *currency;
  const char *method;
  const char *receipt;
  const char *taken;
} FastPayment;

FAST_DECLARE_VALUE (FastPayment, fast_payment)

G_END_DECLS

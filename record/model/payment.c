/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/payment.h"

#include "record/model/forms.h"

static const char *const methods[] = {"card", "cash", "cheque", "money-order", "online", NULL};

static const FastField fields[] = {
    FAST_FIELD (FastPayment, amount, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_AMOUNT),
    FAST_FIELD (FastPayment, currency, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_CURRENCY),
    FAST_FIELD (FastPayment, method, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .names = methods),
    FAST_FIELD (FastPayment, receipt, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_RECEIPT),
    FAST_FIELD (FastPayment, taken, .type = FAST_FIELD_DATE, .flags = FAST_FIELD_REQUIRED),
};

FAST_DEFINE_VALUE (FastPayment, fast_payment, "payment", fields)

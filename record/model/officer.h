/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastOfficer:
 * @name: as in the configuration
 * @agency: a FastAgency
 * @certificate: lowercase hex SHA-256 of the certificate, DER
 * @roles: `enrolment`, `supervisor`, `clerk` or `administrator`
 *
 * Who acts, and for which agency.
 */
typedef struct {
  const char *name;
  int agency;
  const char *certificate;
  const char *const *roles;
} FastOfficer;

FAST_DECLARE_VALUE (FastOfficer, fast_officer)

G_END_DECLS

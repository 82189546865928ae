/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/training-cv.h"

#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/keys/cv-certificate.h"
#include "record/keys/key.h"

#define CURVE "P-256"
#define ALGORITHM FAST_CV_ECDSA_SHA_256
#define NATIONS 2

/* Longer than a service would choose for DV and terminal: a training set is made once. */
#define CVCA_YEARS 3
#define OTHER_YEARS 1

typedef struct {
  const char *country;
  const char *cvca_name;
  const char *dv_name;
  const char *terminal_name;
  EVP_PKEY *cvca;
  EVP_PKEY *dv;
  EVP_PKEY *terminal;
} Nation;

static void
nations_clear (Nation (*nations)[NATIONS])
{
  for (guint i = 0; i < NATIONS; i++) {
    EVP_PKEY_free ((*nations)[i].cvca);
    EVP_PKEY_free ((*nations)[i].dv);
    EVP_PKEY_free ((*nations)[i].terminal);
  }
}

static EVP_PKEY *
make_key (const char *folder, const char *country, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, country, name, NULL);
  g_autoptr (EVP_PKEY) key = fast_key_generate (CURVE, FAST_KEY_PARAMETERS_NAMED, error);

  return key != NULL && fast_key_save (key, path, error) ? g_steal_pointer (&key) : NULL;
}

static gboolean
make_keys (const char *folder, Nation *nation, GError **error)
{
  g_autofree char *place = g_build_filename (folder, nation->country, NULL);

  if (!fast_durable_make_folder (place, 0700, error))
    return FALSE;
  nation->cvca = make_key (folder, nation->country, "cvca.key", error);
  if (nation->cvca == NULL)
    return FALSE;
  nation->dv = make_key (folder, nation->country, "dv.key", error);
  if (nation->dv == NULL)
    return FALSE;
  nation->terminal = make_key (folder, nation->country, "terminal.key", error);
  return nation->terminal != NULL;
}

/* What one certificate says, apart from key and dates. */
typedef struct {
  const char *authority;
  const char *holder;
  FastCvRole role;
  guint years;
} Terms;

static FastCvBody
body_of (const Terms *terms, FastCvKey *key, gint64 now)
{
  FastCvBody body = {
      .authority = (char *)terms->authority,
      .key = key,
      .holder = (char *)terms->holder,
      .role = terms->role,
      .rights = FAST_CV_RIGHT_DG3 | FAST_CV_RIGHT_DG4,
  };

  g_date_clear (&body.effective, 1);
  g_date_set_time_t (&body.effective, (time_t)now);
  body.expiry = body.effective;
  g_date_add_years (&body.expiry, terms->years);
  return body;
}

static gboolean
issue (const char *path, const Terms *terms, EVP_PKEY *key, EVP_PKEY *issuer, gint64 now,
       GError **error)
{
  g_autoptr (FastCvKey) public = fast_cv_key_new (key, ALGORITHM, error);
  g_autoptr (FastCvCertificate) certificate = NULL;
  FastCvBody body;

  if (public == NULL)
    return FALSE;
  body = body_of (terms, public, now);
  certificate =
      fast_cv_certificate_issue (&body, terms->role == FAST_CV_ROLE_CVCA, issuer, ALGORITHM, error);
  return certificate != NULL && fast_cv_certificate_save (certificate, path, error);
}

static gboolean
issue_in (const char *folder, const Nation *nation, const char *file, const Terms *terms,
          EVP_PKEY *key, EVP_PKEY *issuer, gint64 now, GError **error)
{
  g_autofree char *path = g_build_filename (folder, nation->country, file, NULL);

  return issue (path, terms, key, issuer, now, error);
}

/* A DV has one key and one name, and a certificate from each State whose cards it will see. */
static gboolean
certify_dv (const char *folder, const Nation *nation, const Nation *by, gint64 now, GError **error)
{
  g_autofree char *file = g_strdup_printf ("dv-%s.cvcert", by->country);
  const Terms terms = {by->cvca_name, nation->dv_name,
                       by == nation ? FAST_CV_ROLE_DV_DOMESTIC : FAST_CV_ROLE_DV_FOREIGN,
                       OTHER_YEARS};

  return issue_in (folder, nation, file, &terms, nation->dv, by->cvca, now, error);
}

static gboolean
certify (const char *folder, const Nation *nation, gint64 now, GError **error)
{
  const Terms cvca = {nation->cvca_name, nation->cvca_name, FAST_CV_ROLE_CVCA, CVCA_YEARS};
  const Terms terminal = {nation->dv_name, nation->terminal_name, FAST_CV_ROLE_TERMINAL,
                          OTHER_YEARS};

  return issue_in (folder, nation, "cvca.cvcert", &cvca, nation->cvca, nation->cvca, now, error) &&
         issue_in (folder, nation, "terminal.cvcert", &terminal, nation->terminal, nation->dv, now,
                   error);
}

/**
 * fast_training_cv_write:
 * @folder: of the training keys
 * @now: seconds since 1970: the day of issue
 * @error: return location for an error
 *
 * Writes for each nation the keys `cvca`, `dv` and `terminal` and their card-verifiable
 * certificates: `cvca.cvcert` signs itself, `dv-CA.cvcert` and `dv-US.cvcert` are this nation's DV
 * certified by each CVCA, `terminal.cvcert` goes with both of them.
 *
 * Returns: whether all of it is on stable storage
 */
gboolean
fast_training_cv_write (const char *folder, gint64 now, GError **error)
{
  __attribute__ ((cleanup (nations_clear))) Nation nations[NATIONS] = {
      {"CA", "CAFASTCVCA00001", "CAFASTDV00001", "CAFASTIS00001", NULL, NULL, NULL},
      {"US", "USFASTCVCA00001", "USFASTDV00001", "USFASTIS00001", NULL, NULL, NULL},
  };

  for (guint i = 0; i < NATIONS; i++)
    if (!make_keys (folder, &nations[i], error))
      return FALSE;
  for (guint i = 0; i < NATIONS; i++) {
    if (!certify (folder, &nations[i], now, error))
      return FALSE;
    for (guint by = 0; by < NATIONS; by++)
      if (!certify_dv (folder, &nations[i], &nations[by], now, error))
        return FALSE;
  }
  return TRUE;
}

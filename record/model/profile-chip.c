/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/profile-chip.h"

static const char *const codecs[] = {"jpeg", "jpeg2000", "wsq", "png", NULL};
static const char *const ciphers[] = {"AES-128", "AES-256", NULL};
static const char *const curves[] = {"P-256", "brainpoolP256r1", NULL};
static const char *const editions[] = {"19794-5", "39794-5", NULL};

static const FastField group_fields[] = {
    FAST_FIELD (FastProfileGroup, group, .type = FAST_FIELD_INT, .flags = FAST_FIELD_REQUIRED,
                .least = 1, .most = 16),
    FAST_FIELD (FastProfileGroup, budget, .type = FAST_FIELD_INT,
                .flags = FAST_FIELD_REQUIRED | FAST_FIELD_NULLABLE, .most = 32767),
    FAST_FIELD (FastProfileGroup, codec, .type = FAST_FIELD_STRING,
                .flags = FAST_FIELD_REQUIRED | FAST_FIELD_NULLABLE, .names = codecs),
    FAST_FIELD (FastProfileGroup, optional, .type = FAST_FIELD_BOOLEAN,
                .flags = FAST_FIELD_REQUIRED),
    FAST_FIELD (FastProfileGroup, guarded, .type = FAST_FIELD_BOOLEAN,
                .flags = FAST_FIELD_REQUIRED),
};
FAST_BINDING (group, FastProfileGroup);

#define FLAG(member)                                                                               \
  FAST_FIELD (FastProfileChip, member, .type = FAST_FIELD_BOOLEAN, .flags = FAST_FIELD_REQUIRED)
#define CHOICE(member, strings)                                                                    \
  FAST_FIELD (FastProfileChip, member, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,      \
              .names = strings)

static const FastField fields[] = {
    FLAG (bac),
    FLAG (pace),
    CHOICE (cipher, ciphers),
    CHOICE (curve, curves),
    FLAG (chip_authentication),
    FLAG (active_authentication),
    FLAG (trust_points),
    FLAG (atr_info),
    CHOICE (face_edition, editions),
    FAST_FIELD (FastProfileChip, groups, .type = FAST_FIELD_OBJECTS, .flags = FAST_FIELD_REQUIRED,
                .binding = &group_binding, .least = 1, .most = 16),
};

/**
 * fast_profile_chip_find:
 * @chip: what a programme wants on the chip
 * @group: number of a data group
 *
 * Returns: (transfer none) (nullable): what it says about it
 */
const FastProfileGroup *
fast_profile_chip_find (const FastProfileChip *chip, gint64 group)
{
  for (guint i = 0; i < chip->groups->len; i++) {
    const FastProfileGroup *at = chip->groups->pdata[i];

    if (at->group == group)
      return at;
  }
  return NULL;
}

/* A rule of the chip and where it is broken; @holds says that it is not. */
typedef struct {
  gboolean holds;
  const char *member;
} Rule;

static gboolean
check_rules (const Rule *rules, gsize n, const char *path, GError **error)
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *at = NULL;

    if (rules[i].holds)
      continue;
    at = fast_binding_join_path (path, rules[i].member);
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "model-profile-chip",
                      "path=%s", at);
  }
  return TRUE;
}

static gboolean
has_pictures (gint64 group)
{
  return (group >= 2 && group <= 4) || group == 7;
}

/* Only prints and irises may be guarded; who guards names whom the chip trusts. */
static gboolean
check_group (const FastProfileChip *chip, const FastProfileGroup *group, const char *path,
             GError **error)
{
  const Rule rules[] = {
      {fast_profile_chip_find (chip, group->group) == group, "groups"},
      {has_pictures (group->group) == (group->codec != NULL), "groups"},
      {!group->guarded || group->group == 3 || group->group == 4, "groups"},
      {!group->guarded || chip->trust_points, "trust_points"},
  };

  return check_rules (rules, G_N_ELEMENTS (rules), path, error);
}

/* ICAO 9303-10, 4.7: groups 1 and 2 are mandatory; 9303-11: each protocol needs the group that
 * holds its keys, and terminal authentication runs inside chip authentication. */
static gboolean
check_chip (gconstpointer value, const char *path, GError **error)
{
  const FastProfileChip *chip = value;
  const gboolean security = fast_profile_chip_find (chip, 14) != NULL;
  const gboolean key = fast_profile_chip_find (chip, 15) != NULL;
  const Rule rules[] = {
      {chip->bac || chip->pace, "bac"},
      {fast_profile_chip_find (chip, 1) != NULL, "groups"},
      {fast_profile_chip_find (chip, 2) != NULL, "groups"},
      {!chip->pace || security, "pace"},
      {!chip->chip_authentication || security, "chip_authentication"},
      {chip->active_authentication == key, "active_authentication"},
      {!chip->trust_points || chip->chip_authentication, "trust_points"},
  };

  for (guint i = 0; i < chip->groups->len; i++)
    if (!check_group (chip, chip->groups->pdata[i], path, error))
      return FALSE;
  return check_rules (rules, G_N_ELEMENTS (rules), path, error);
}

FAST_DEFINE_CHECKED_VALUE (FastProfileChip, fast_profile_chip, "chip", fields, check_chip)

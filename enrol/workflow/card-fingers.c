/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/card-fingers.h"

#define HANDS 2

/* A hand's fingers in the order in which travel documents prefer them. The little finger is none of
 * them: its print is too small to be compared well. */
static const char *const hands[HANDS][5] = {
    {"finger-right-index", "finger-right-thumb", "finger-right-middle", "finger-right-ring", NULL},
    {"finger-left-index", "finger-left-thumb", "finger-left-middle", "finger-left-ring", NULL},
};

static gboolean
is_captured (const FastSubject *subject, const char *name)
{
  const FastProfileBiometric *biometric = fast_profile_find_biometric (subject->profile, name);

  for (guint i = 0; biometric != NULL && biometric->suffixes[i] != NULL; i++) {
    g_autofree char *part = g_strconcat (name, ".", biometric->suffixes[i], NULL);

    if (fast_revision_find_part (subject->revision, part) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* The best of the fingers of a hand that are left; %NULL when none was captured. */
static const char *
take_finger (const FastSubject *subject, const char *const **hand)
{
  while (**hand != NULL) {
    const char *name = *(*hand)++;

    if (is_captured (subject, name))
      return name;
  }
  return NULL;
}

static gboolean
add (FastCardFingers *fingers, FastUnit *unit, const FastSubject *subject, const char *name,
     GError **error)
{
  FastFingerSample *sample = &fingers->samples[fingers->n_samples];
  char *part = NULL;

  fast_finger_from_name (name, &sample->finger);
  sample->image = fast_subject_sample (unit, subject, name, &part, error);
  if (sample->image == NULL)
    return FALSE;
  sample->name = part;
  fingers->n_samples++;
  return TRUE;
}

/**
 * fast_card_fingers_load:
 * @fingers: (out caller-allocates): the prints
 * @unit: the unit, with somebody signed in
 * @subject: an opened enrolment
 * @error: return location for an error
 *
 * Chooses two prints for the chip: of each hand the first that was captured of index, thumb, middle
 * and ring finger; two of one hand where the other has none.
 *
 * Returns: whether they could be opened
 */
gboolean
fast_card_fingers_load (FastCardFingers *fingers, FastUnit *unit, const FastSubject *subject,
                        GError **error)
{
  const char *const *left[HANDS] = {hands[0], hands[1]};

  *fingers = (FastCardFingers){.n_samples = 0};
  for (guint i = 0; i < HANDS * FAST_CARD_FINGERS; i++) {
    const char *name = take_finger (subject, &left[i % HANDS]);

    if (fingers->n_samples == FAST_CARD_FINGERS)
      break;
    if (name != NULL && !add (fingers, unit, subject, name, error))
      return FALSE;
  }
  return TRUE;
}

/**
 * fast_card_fingers_clear:
 * @fingers: prints
 */
void
fast_card_fingers_clear (FastCardFingers *fingers)
{
  for (guint i = 0; i < fingers->n_samples; i++) {
    g_clear_pointer (&fingers->samples[i].image, g_bytes_unref);
    g_free ((gpointer)fingers->samples[i].name);
  }
  fingers->n_samples = 0;
}

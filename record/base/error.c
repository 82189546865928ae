/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/error.h"

/* Private data of each error: the messages, outermost first (prefixes, then the cause). */
typedef struct {
  GPtrArray *messages;
  GPtrArray *reasons; /* the messages of an error of ours that another domain's error came from */
} Chain;

static void chain_init (GError *error);

static void chain_copy (const GError *from, GError *to);

static void chain_clear (GError *error);

#define DEFINE_DOMAIN(name)                                                                        \
  GQuark fast_##name##_error_quark (void)                                                          \
  {                                                                                                \
    static gsize quark;                                                                            \
    if (g_once_init_enter (&quark))                                                                \
      g_once_init_leave (&quark, g_error_domain_register_static ("fast-" #name "-error-quark",     \
                                                                 sizeof (Chain), chain_init,       \
                                                                 chain_copy, chain_clear));        \
    return (GQuark)quark;                                                                          \
  }

DEFINE_DOMAIN (input)
DEFINE_DOMAIN (key)
DEFINE_DOMAIN (device)
DEFINE_DOMAIN (card)
DEFINE_DOMAIN (gate)
DEFINE_DOMAIN (sync)
DEFINE_DOMAIN (store)
DEFINE_DOMAIN (usage)

/* The layout that G_DEFINE_EXTENDED_ERROR() documents: private data sits before the GError,
 * rounded up to two words. All our domains share one private type, so one accessor serves. */
static Chain *
chain_of (const GError *error)
{
  const gsize word = 2 * sizeof (gsize);
  const gsize size = (sizeof (Chain) + word - 1) & ~(word - 1);

  return (Chain *)(gpointer)((guint8 *)error - size);
}

static gboolean
is_ours (GQuark domain)
{
  return domain == FAST_INPUT_ERROR || domain == FAST_KEY_ERROR || domain == FAST_DEVICE_ERROR ||
         domain == FAST_CARD_ERROR || domain == FAST_GATE_ERROR || domain == FAST_SYNC_ERROR ||
         domain == FAST_STORE_ERROR || domain == FAST_USAGE_ERROR;
}

static void
chain_init (GError *error)
{
  chain_of (error)->messages = g_ptr_array_new_with_free_func ((GDestroyNotify)fast_message_unref);
  chain_of (error)->reasons = g_ptr_array_new_with_free_func ((GDestroyNotify)fast_message_unref);
}

static gpointer
copy_message (gconstpointer message, gpointer data G_GNUC_UNUSED)
{
  return fast_message_ref ((FastMessage *)message);
}

static void
chain_copy (const GError *from, GError *to)
{
  chain_of (to)->messages = g_ptr_array_copy (chain_of (from)->messages, copy_message, NULL);
  chain_of (to)->reasons = g_ptr_array_copy (chain_of (from)->reasons, copy_message, NULL);
}

static void
chain_clear (GError *error)
{
  g_ptr_array_unref (chain_of (error)->messages);
  g_ptr_array_unref (chain_of (error)->reasons);
}

static void
refresh_text (GError *error)
{
  g_free (error->message);
  error->message = fast_error_format (error, "en");
}

G_GNUC_PRINTF (5, 0)
static void
set_valist (GError **error, GQuark domain, int code, const char *id, const char *parameters,
            va_list arguments)
{
  if (error == NULL)
    return;
  g_assert (is_ours (domain) && *error == NULL);
  *error = g_error_new_literal (domain, code, id);
  g_ptr_array_add (chain_of (*error)->messages,
                   fast_message_new_valist (id, parameters, arguments));
  refresh_text (*error);
}

/**
 * fast_fail:
 * @error: (nullable): where the error goes
 * @domain: one of the domains above
 * @code: a code of that domain
 * @id: a message id
 * @parameters: (nullable): as for fast_message_new()
 *
 * Sets @error, so that a function can end with `return fast_fail (error, …)`.
 *
 * Returns: %FALSE always
 */
gboolean
fast_fail (GError **error, GQuark domain, int code, const char *id, const char *parameters, ...)
{
  va_list arguments;

  va_start (arguments, parameters);
  set_valist (error, domain, code, id, parameters, arguments);
  va_end (arguments);
  return FALSE;
}

/**
 * fast_fail_null:
 *
 * fast_fail() for functions that return a pointer.
 *
 * Returns: %NULL always
 */
gpointer
fast_fail_null (GError **error, GQuark domain, int code, const char *id, const char *parameters,
                ...)
{
  va_list arguments;

  va_start (arguments, parameters);
  set_valist (error, domain, code, id, parameters, arguments);
  va_end (arguments);
  return NULL;
}

static void
add_reasons (GError *error, const GError *cause)
{
  GPtrArray *reasons = chain_of (error)->reasons;

  g_ptr_array_extend (reasons, chain_of (cause)->messages, copy_message, NULL);
  g_ptr_array_extend (reasons, chain_of (cause)->reasons, copy_message, NULL);
}

/**
 * fast_fail_from:
 * @error: (nullable): where the error goes
 * @cause: (transfer full): an error of another library (GIO, GLib), whose text becomes the last
 *   part of the sentence, or one of ours, whose messages do, in whatever language is asked for
 *
 * Turns an error into one of another domain: somebody else must act. For errors of ours that keep
 * their domain use fast_error_prefix(). The remedy of @id comes before those of @cause.
 *
 * Returns: %FALSE always
 */
gboolean
fast_fail_from (GError **error, GError *cause, GQuark domain, int code, const char *id,
                const char *parameters, ...)
{
  g_autoptr (GError) owned = cause;
  va_list arguments;

  va_start (arguments, parameters);
  set_valist (error, domain, code, id, parameters, arguments);
  va_end (arguments);
  if (error == NULL)
    return FALSE;
  if (is_ours (owned->domain))
    add_reasons (*error, owned);
  else
    g_ptr_array_add (chain_of (*error)->messages,
                     fast_message_new ("cause", "text=%s", owned->message));
  refresh_text (*error);
  return FALSE;
}

/**
 * fast_error_prefix:
 * @error: (nullable): a location that holds an error of ours
 * @id: a message id that names what was being done
 * @parameters: (nullable): as for fast_message_new()
 *
 * Adds context at a layer crossing; domain and code stay.
 *
 * Returns: %FALSE always
 */
gboolean
fast_error_prefix (GError **error, const char *id, const char *parameters, ...)
{
  va_list arguments;

  if (error == NULL || *error == NULL)
    return FALSE;
  g_assert (is_ours ((*error)->domain));
  va_start (arguments, parameters);
  g_ptr_array_insert (chain_of (*error)->messages, 0,
                      fast_message_new_valist (id, parameters, arguments));
  va_end (arguments);
  refresh_text (*error);
  return FALSE;
}

/**
 * fast_error_get_message:
 * @error: an error
 *
 * Returns: (transfer none) (nullable): the innermost message of ours (the cause itself, not its
 *   prefixes); %NULL for an error of another library
 */
const FastMessage *
fast_error_get_message (const GError *error)
{
  GPtrArray *messages;

  if (!is_ours (error->domain))
    return NULL;
  messages = chain_of (error)->messages;
  for (guint i = messages->len; i > 0; i--)
    if (g_strcmp0 (fast_message_get_id (messages->pdata[i - 1]), "cause") != 0)
      return messages->pdata[i - 1];
  return NULL;
}

static void
append_parts (GString *text, GPtrArray *messages, const char *language)
{
  for (guint i = 0; i < messages->len; i++) {
    g_autofree char *part = fast_message_format (messages->pdata[i], language);

    g_string_append_printf (text, "%s%s", text->len == 0 ? "" : ": ", part);
  }
}

static char *
find_remedy (GPtrArray *messages, const char *language)
{
  char *remedy = NULL;

  for (guint i = messages->len; i > 0 && remedy == NULL; i--)
    remedy = fast_message_format_remedy (messages->pdata[i - 1], language);
  return remedy;
}

/**
 * fast_error_format:
 * @error: an error
 * @language: `en` or `fr`
 *
 * Returns: (transfer full): `what failed: why: what to do`; the remedy is that of the innermost
 *   message that has one
 */
char *
fast_error_format (const GError *error, const char *language)
{
  const Chain *chain;
  GString *text;
  g_autofree char *remedy = NULL;

  if (!is_ours (error->domain))
    return g_strdup (error->message);
  chain = chain_of (error);
  text = g_string_new (NULL);
  append_parts (text, chain->messages, language);
  append_parts (text, chain->reasons, language);
  remedy = find_remedy (chain->messages, language);
  if (remedy == NULL)
    remedy = find_remedy (chain->reasons, language);
  if (remedy != NULL)
    g_string_append_printf (text, ": %s", remedy);
  return g_string_free (text, FALSE);
}

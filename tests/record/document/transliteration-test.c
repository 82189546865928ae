/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/document/transliteration.h"

#include <string.h>

#include "tests/support.h"

static void
check (const char *text, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found = fast_transliterate (text, "surname", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, wanted);
}

static void
test_punctuation (void)
{
  check ("Tremblay-O’Connor", "TREMBLAY<OCONNOR");
  check ("Anne-Marie Éloïse", "ANNE<MARIE<ELOISE");
  check ("D'Artagnan", "DARTAGNAN");
  check ("Smith, Jr.", "SMITH<JR");
  check ("  St.  John -- Stevas ", "ST<JOHN<STEVAS");
  check ("O`Neill Oʻahu", "ONEILL<OAHU");
}

/* ICAO 9303-3, 6.A. */
static void
test_latin (void)
{
  check ("Müller-Straße Åse Øyvind Ærø", "MUELLER<STRASSE<AASE<OEYVIND<AEROE");
  check ("Ħal Þór Đặng Łódź Ĳssel", "HAL<THOR<DANG<LODZ<IJSSEL");
  check ("Ștefan İbrahim Iğdır Œuvre Nuñez", "STEFAN<IBRAHIM<IGDIR<OEUVRE<NUNEZ");
  check ("Éloïse", "ELOISE");
  check ("E\xCC\x81lo", "ELO"); /* with a combining acute */
}

/* ICAO 9303-3, 6.B. */
static void
test_cyrillic (void)
{
  check ("Щербаков Юрий", "SHCHERBAKOV<IURII");
  check ("Хрущёв Никита", "KHRUSHCHEV<NIKITA");
  check ("Подъячев Ярославль", "PODIEIACHEV<IAROSLAVL");
  check ("Їжак Ґанна Єва", "IZHAK<GANNA<IEVA");
}

/* ICAO 9303-3, 6.C and its appendix B: the name of its example, and the doubling by shadda. */
static void
test_arabic (void)
{
  check ("ابو بكر محمد بن زكريا الرازي", "ABW<BKR<MXHMD<BN<ZKRYA<ALRAZY");
  check ("فاطمة", "FAXTTMXAH");
  check ("فضّة", "FXDZXDZXAH");
  check ("مُحَمَّد", "MXHMMD");
}

static void
check_refused (const char *text, const char *id, const char *character)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fast_transliterate (text, "applicant.names[0].given", &error));
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, id);
  g_assert_cmpstr (fast_message_get_parameter (fast_error_get_message (error), "character"), ==,
                   character);
  g_assert_nonnull (strstr (error->message, "applicant.names[0].given"));
}

static void
test_refused (void)
{
  check_refused ("Wang 王", "translit-character", "王");
  check_refused ("Γιώργος", "translit-character", "Γ");
  check_refused ("Henry 8", "translit-character", "8");
  check_refused ("A<B", "translit-character", "<");
  check_refused ("Smith ☺", "translit-character", "☺");
  check_refused ("A\xFF", "translit-encoding", NULL);
  check_refused ("n\xC3\x89\xC9\xFB\xFB\xFB\xFB\xFB", "translit-encoding", NULL);
}

static void
check_field (const char *surname, const char *given, gsize width, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found = fast_name_field (surname, given, width, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, wanted);
  g_assert_cmpuint (strlen (found), ==, width);
}

/* Names of the examples in ICAO 9303-5, 4.2.3. */
static void
test_truncation (void)
{
  check_field ("Tremblay-O’Connor", "Anne-Marie Éloïse", 39,
               "TREMBLAY<OCONNOR<<ANNE<MARIE<ELOISE<<<<");
  check_field ("Van der Muellen", "Irene", 30, "VAN<DER<MUELLEN<<IRENE<<<<<<<<");
  check_field ("Arkfreith", NULL, 30, "ARKFREITH<<<<<<<<<<<<<<<<<<<<<");
  check_field ("Nilavadhanananda", "Chayapa Dejthamrong Krasuang", 30,
               "NILAVADHANANANDA<<CHAYAPA<DEJT");
  check_field ("Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo", 30,
               "BENNELONG<WOOLOOMOOLOO<WARR<<D");
  check_field ("Papandropoulous", "Jonathon Alec", 30, "PAPANDROPOULOUS<<JONATHON<ALEC");
  check_field ("Papandropoulous", "Jonathon Alecs", 30, "PAPANDROPOULOUS<<JONATHON<ALEC");
}

/* A cut behind a component takes its last letter, so that the field ends in a letter and each
 * component keeps at least one. */
static void
test_truncation_at_gap (void)
{
  check_field ("Papandropoulous", "Jonathons Al Bo", 30, "PAPANDROPOULOUS<<JONATHONS<A<B");
  check_field ("Abcdefghijklmnopqrstuvwxyz Bcd", "Efg", 30, "ABCDEFGHIJKLMNOPQRSTUVWXY<B<<E");
  check_field ("Abcdefghijklmnopqrstuvwxyzabcdefghij", NULL, 30, "ABCDEFGHIJKLMNOPQRSTUVWXYZABCD");
  check_field ("Aa B C D", "Ee", 9, "AA<B<C<<E");
  check_field ("Aa B C D", NULL, 7, "A<B<C<D");
  check_field ("A B C D", NULL, 6, "A<B<C<");
}

static void
test_empty (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fast_name_field ("’", "Anne", 30, &error));
  fast_test_assert_id (error, "translit-empty");
}

static void
test_matches (void)
{
  g_assert_true (fast_name_field_matches ("MUELLER<<JOERG", 39, "Müller", "Jörg"));
  g_assert_true (fast_name_field_matches ("MULLER<<JORG", 39, "Müller", "Jörg"));
  g_assert_false (fast_name_field_matches ("MULLER<<JOERGE", 39, "Müller", "Jörg"));
  g_assert_false (fast_name_field_matches ("MULLER<<JO", 39, "Müller", "Jörg"));
  g_assert_true (fast_name_field_matches ("CACADOR<DE<ARAUJO<<ANDRE<ESTEV", 30, "Caçador de Araújo",
                                          "André Estevão"));
  g_assert_true (fast_name_field_matches ("NILAVADHANANANDA<<CHAYAPA<DE<K", 30, "Nilavadhanananda",
                                          "Chayapa Dejthamrong Krasuang"));
  g_assert_false (fast_name_field_matches ("NILAVADHANANANDA<<CHAYAPA<DE<X", 30, "Nilavadhanananda",
                                           "Chayapa Dejthamrong Krasuang"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/transliteration/punctuation", test_punctuation);
  g_test_add_func ("/document/transliteration/latin", test_latin);
  g_test_add_func ("/document/transliteration/cyrillic", test_cyrillic);
  g_test_add_func ("/document/transliteration/arabic", test_arabic);
  g_test_add_func ("/document/transliteration/refused", test_refused);
  g_test_add_func ("/document/transliteration/truncation", test_truncation);
  g_test_add_func ("/document/transliteration/truncation-at-gap", test_truncation_at_gap);
  g_test_add_func ("/document/transliteration/empty", test_empty);
  g_test_add_func ("/document/transliteration/matches", test_matches);
  return g_test_run ();
}

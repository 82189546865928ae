/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>

G_BEGIN_DECLS

#define TEST_PCSC_READER "Virtual PCD 00 00"

/*
 * A pcscd of the test's own, with vpcd as its only reader. The path of its socket is compiled in,
 * so it runs in a mount namespace in which /run/pcscd is a folder of the test; clients find it by
 * PCSCLITE_CSOCK_NAME, which libpcsclite reads once: one service a process, which can be stopped
 * and started again. That takes root and a machine that grants namespaces; where it is
 * impossible tests skip and say so.
 */
typedef struct {
  char *folder;
  char *run;
  char *configuration;
  char *address;
  GSubprocess *process;
} TestPcsc;

gboolean test_pcsc_init (TestPcsc *service);
void test_pcsc_clear (TestPcsc *service);
void test_pcsc_start (TestPcsc *service);
void test_pcsc_stop (TestPcsc *service);

G_END_DECLS

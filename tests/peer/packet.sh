#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# packet.sh PACKET PKI: with nothing but openssl and tar, does PACKET open with Canada's key, and with
# the United States' not? And does `openssl ts` accept the receipts beside it?
set -euo pipefail
packet=$1 pki=$2
die() { echo "packet: $*" >&2; exit 1; }

verify() {
  openssl cms -verify -inform DER -in "$packet" -CAfile "$pki/unit/ca.pem" -purpose any -binary \
    2>/dev/null
}
decrypt() { # NATION KEY
  openssl cms -decrypt -inform DER -recip "$pki/$1/$2.pem" -inkey "$pki/$1/$2.key" 2>/dev/null
}

for key in recipient recovery; do
  if [ "$key" = recipient ]; then
    verify | decrypt CA $key | tar t || die "Canada cannot open it with its $key key"
  fi
  if verify | decrypt US $key >/dev/null; then die "the United States open it with their $key key"; fi
done
[ "$(verify | decrypt CA recipient | tar xO face.jpg)" = "a face" ] || die "another face"

# The header is a signed attribute: one UTF8String under our arc.
openssl cms -cmsout -print -inform DER -in "$packet" |
  grep -A2 "2.25.147691558977852084253932689956221362180.16" | grep -q '"item":"U1-2"' ||
  die "no header among the signed attributes"

id=$(sha256sum "$packet" | cut -d' ' -f1)
for kind in "" .opened .batch; do
  openssl ts -verify -data "$packet" -in "$(dirname "$packet")/$id$kind.tsr" -CAfile "$pki/CA/ca.pem" \
    -untrusted "$pki/CA/receipt.pem" >/dev/null 2>&1 || die "openssl ts refuses $id$kind.tsr"
done

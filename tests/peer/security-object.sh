#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# security-object.sh LDS PKI: with nothing but openssl and coreutils, is EF.SOD in LDS signed by the
# document signer PKI/ds.pem, is that certified by PKI/csca.pem, and are the hashes in EF.SOD those of
# the files beside it?
set -eu
lds=$1 pki=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
die() { echo "security-object: $*" >&2; exit 1; }

# What is inside a file's tag; its length is one byte and, from 128 on, as many more as that says.
inside() {
  local first skip
  first=$((0x$(xxd -s 1 -l 1 -p "$1")))
  skip=$((first < 128 ? 2 : 2 + first - 128))
  tail -c +$((skip + 1)) "$1"
}
inside "$lds/EF.SOD" >"$work/sod.der"

openssl cms -verify -inform DER -in "$work/sod.der" -partial_chain -CAfile "$pki/ds.pem" \
  -purpose any -binary -out "$work/list.der" 2>"$work/err" || die "cms: $(cat "$work/err")"
echo "EF.SOD is signed by the document signer"

openssl x509 -in "$pki/ds.pem" -outform DER -out "$work/ds.der"
tbs=$(openssl asn1parse -inform DER -in "$work/ds.der" | awk -F: 'NR == 2 { print $1 + 0 }')
signature=$(openssl asn1parse -inform DER -in "$work/ds.der" | awk -F: '/d=1.*BIT STRING/ { print $1 + 0 }')
openssl asn1parse -inform DER -in "$work/ds.der" -strparse "$tbs" -noout -out "$work/tbs.der"
openssl asn1parse -inform DER -in "$work/ds.der" -strparse "$signature" -noout -out "$work/tbs.sig"
openssl x509 -in "$pki/csca.pem" -noout -pubkey >"$work/csca.pub"
openssl dgst -sha256 -verify "$work/csca.pub" -signature "$work/tbs.sig" "$work/tbs.der" >/dev/null ||
  die "the CSCA's key does not accept the document signer"
echo "the document signer is certified by the CSCA"

openssl asn1parse -inform DER -in "$work/list.der" |
  awk '/INTEGER/ { sub (/.*:/, ""); group = $0 } /OCTET STRING/ { sub (/.*HEX DUMP\]:/, ""); print group, $0 }' \
  >"$work/hashes"
[ -s "$work/hashes" ] || die "no hashes"
while read -r group hash; do
  file=$lds/EF.DG$((16#$group))
  found=$(sha256sum "$file" | cut -d' ' -f1)
  [ "${hash,,}" = "$found" ] || die "EF.DG$((16#$group)) has another hash"
  echo "EF.DG$((16#$group)) is what was signed"
done <"$work/hashes"
[ "$(wc -l <"$work/hashes")" = "$(find "$lds" -name 'EF.DG*' | wc -l)" ] ||
  die "files and hashes differ in number"

# The chip's own keys, where it has some: the one of EF.DG15, and in EF.DG14 what follows
# id-PK-ECDH.
if [ -e "$lds/EF.DG15" ]; then
  inside "$lds/EF.DG15" >"$work/active.der"
  openssl pkey -pubin -inform DER -in "$work/active.der" -pubcheck -noout >/dev/null 2>"$work/err" ||
    die "EF.DG15: $(cat "$work/err")"
  echo "EF.DG15 is a public key"
fi
if [ -e "$lds/EF.DG14" ]; then
  inside "$lds/EF.DG14" >"$work/infos.der"
  at=$(openssl asn1parse -inform DER -in "$work/infos.der" |
    awk -F: '/OBJECT .*:0\.4\.0\.127\.0\.7\.2\.2\.1\.2$/ { getline; print $1 + 0 }')
  [ -n "$at" ] || die "EF.DG14 has no key for chip authentication"
  openssl asn1parse -inform DER -in "$work/infos.der" -strparse "$at" -noout -out "$work/chip.der"
  openssl pkey -pubin -inform DER -in "$work/chip.der" -pubcheck -noout >/dev/null 2>"$work/err" ||
    die "EF.DG14: $(cat "$work/err")"
  echo "EF.DG14 has a public key"
fi

#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The demo's output, judged by programs of others alone: openssl, tar, zbarimg, pdftoppm.
set -u
source_dir=$1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
n=0
check() { # WHAT COMMAND...
  n=$((n + 1))
  local what=$1
  shift
  if "$@" >"$out/last.log" 2>&1; then
    echo "ok $n - $what"
  else
    echo "not ok $n - $what"
    sed 's/^/# /' "$out/last.log"
  fi
}
refuse() { ! "$@"; }

check "the demo runs" "$source_dir/demo" --headless --out "$out/demo"
cd "$out/demo" || exit 1

openssl x509 -in pki/CA/csca.pem -pubkey -noout >csca.pub
tag_77() { # prints EF.SOD without its tag
  openssl asn1parse -inform DER -in chip/EF.SOD -strparse "$1" -noout -out sod.der
}
header=$(openssl asn1parse -inform DER -in chip/EF.SOD | head -1 | sed 's/.*hl= *\([0-9]*\).*/\1/')
check "EF.SOD is CMS below its tag 77" tag_77 "$header"
check "openssl cms -verify accepts EF.SOD by the document signer" \
  openssl cms -verify -inform DER -in sod.der -partial_chain -CAfile pki/CA/ds.pem \
  -out hashes.der
ds_is_signed() {
  openssl x509 -in pki/CA/ds.pem -outform DER -out ds.der &&
    openssl asn1parse -inform DER -in ds.der -strparse 4 -noout -out ds.tbs &&
    openssl asn1parse -inform DER -in ds.der | awk -F: '/BIT STRING/ { at = $1 } END { print at }' >at &&
    openssl asn1parse -inform DER -in ds.der -strparse "$(tr -d ' ' <at)" -noout -out ds.sig &&
    openssl dgst -sha256 -verify csca.pub -signature ds.sig ds.tbs
}
check "openssl dgst: the CSCA signed the document signer" ds_is_signed
hashes_agree() {
  for group in 1 2 11 13; do
    openssl asn1parse -inform DER -in hashes.der | grep -qi "$(sha256sum "chip/EF.DG$group" | cut -c1-64)" ||
      return 1
  done
}
check "the hashes in EF.SOD are those of the files" hashes_agree

open_packet() { # NATION FILE KEY-NATION
  openssl cms -verify -inform DER -in "$2" -CAfile pki/unit/ca.pem -purpose any -out envelope 2>/dev/null &&
    openssl cms -decrypt -inform DER -in envelope -recip "pki/$3/recipient.pem" \
      -inkey "pki/$3/recipient.key" -out packet.tar && tar tf packet.tar | grep -qx parts.json
}
every_packet() {
  for nation in CA US; do
    for file in packets/$nation/*.p7m; do open_packet "$nation" "$file" "$nation" || return 1; done
  done
}
no_packet_of_the_other() {
  for file in packets/CA/*.p7m; do ! open_packet CA "$file" US || return 1; done
}
check "openssl and tar open every packet with its nation's key" every_packet
check "and none with the other nation's" no_packet_of_the_other
every_receipt() {
  local count=0
  for nation in CA US; do
    for file in packets/$nation/*.p7m; do
      id=$(basename "$file" .p7m)
      for receipt in receipts/$nation/"$id"*.tsr; do
        openssl ts -verify -data "$file" -in "$receipt" -CAfile "pki/$nation/ca.pem" || return 1
        count=$((count + 1))
      done
    done
  done
  [ $count = "$(ls receipts/*/*.tsr | wc -l)" ] && [ $count -ge 40 ]
}
check "openssl ts -verify accepts every receipt" every_receipt
flipped_receipt() {
  file=$(ls packets/CA/*.p7m | head -1)
  cp "$file" changed && printf '\x00' | dd of=changed bs=1 seek=2000 conv=notrunc 2>/dev/null
  refuse openssl ts -verify -data changed -in "receipts/CA/$(basename "$file" .p7m).tsr" \
    -CAfile pki/CA/ca.pem
}
check "and not over another packet" flipped_receipt

seal_from() { zbarimg --quiet --nodbus --raw -Sbinary --oneshot "$1"; }
same_seal() {
  seal_from card-back.png >png.seal && pdftoppm -png -r 300 -f 2 -l 2 card.pdf page &&
    seal_from page-2.png >pdf.seal && [ -s png.seal ] && cmp png.seal pdf.seal
}
check "zbarimg reads the seal from the PNG and from the PDF" same_seal
check "the three sides agree" grep -q "agree to the last record\|concordent" reconcile.txt
check "a second run works as well" "$source_dir/demo" --headless --out "$out/demo"
echo "1..$n"

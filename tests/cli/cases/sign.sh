# The log is signed by the installed tool, and the signature is one of the files of the image.
for tool in minisign ssh-keygen; do
  command -v "$tool" >/dev/null || problem "expected $tool to be installed"
done
minisign -G -W -p mini.pub -s mini.key >/dev/null 2>&1
minisign -G -W -p other.pub -s other.key >/dev/null 2>&1
ssh-keygen -q -t ed25519 -N '' -f ssh.key
ssh-keygen -q -t ed25519 -N '' -f ssh2.key
mkdir keys && mv mini.* other.* ssh* keys

binrip sim:zoo/audio-simple out.cue --quiet --sign keys/mini.key
expect_code 0
expect_err ''
rm -r keys/none 2>/dev/null
[ "$(ls)" = "$(printf '%s\n' keys out.bin out.cue out.json out.log out.log.minisig out.sha256 out.sub)" ] ||
  problem 'expected a signature beside the other files, and nothing else'
minisign -q -V -m out.log -x out.log.minisig -p keys/mini.pub || problem 'expected minisign to find it right'
grep -q 'trusted comment: file:out.log' out.log.minisig || problem 'expected the name of the log in the comment'
sha256sum -c --strict --quiet out.sha256 || problem 'expected it among the checksums'
binrip verify out.cue
expect_code 0
expect_out_line 'Signature   out\.log\.minisig: not checked \(see --signed-by\)'
binrip verify out.cue --signed-by keys/mini.pub
expect_code 0
expect_out_line 'Signature   out\.log\.minisig: right'
binrip verify out.cue --signed-by keys/other.pub
expect_code 3
expect_out_line 'Signature   out\.log\.minisig: wrong'
binrip verify out.cue --signed-by keys/ssh.key.pub
expect_code 3
expect_out_line '  out\.log\.minisig is no signature of ssh-keygen'
binrip verify out.cue --signed-by out.log
expect_error 'out\.log is neither a public key of minisign nor one of SSH'
printf ' ' >>out.log.minisig
binrip verify out.cue
expect_code 3
expect_out_line '  out\.log\.minisig: not as recorded: .*'

# With SSH; and another image in its place takes the first signature away.
binrip sim:zoo/audio-simple out.cue --quiet --force --sign keys/ssh.key
expect_code 0
[ "$(ls)" = "$(printf '%s\n' keys out.bin out.cue out.json out.log out.log.sig out.sha256 out.sub)" ] ||
  problem 'expected one signature'
ssh-keygen -q -Y check-novalidate -n file -s out.log.sig <out.log >/dev/null || problem 'expected ssh-keygen to find it right'
binrip verify out.cue --signed-by keys/ssh.key.pub
expect_code 0
expect_out_line 'Signature   out\.log\.sig: right'
binrip verify out.cue --signed-by keys/ssh2.key.pub --json
expect_code 3
expect_out_line '    "right": false'
sed -i 's/consistent/broken/' out.log
binrip verify out.cue --signed-by keys/ssh.key.pub
expect_code 3
expect_out_line 'Signature   out\.log\.sig: wrong'
binrip sim:zoo/audio-simple out.cue --quiet --force
expect_code 0
[ "$(ls)" = "$(printf '%s\n' keys out.bin out.cue out.json out.log out.sha256 out.sub)" ] ||
  problem 'expected no signature'
binrip verify out.cue --signed-by keys/ssh.key.pub
expect_code 3
expect_out_line '  out\.log: there is no signature of it'

# Merging and refining sign, too.
binrip merge out.cue out.cue merged.cue --quiet --sign keys/mini.key
expect_code 0
minisign -q -V -m merged.log -p keys/mini.pub || problem 'expected a signature of what was merged'
binrip sim:demo damaged.cue --quiet --sim-option fault-hard=1000+2
expect_code 3
binrip refine damaged.cue sim:demo --quiet --sim-option fault-hard=1000+2 --sign keys/mini.key
expect_code 3
minisign -q -V -m damaged.log -p keys/mini.pub || problem 'expected a signature where nothing got better'

# What cannot sign is told before anything is read, and no passphrase is waited for.
binrip sim:demo new.cue --sign out.cue
expect_error 'out\.cue is neither a secret key of minisign nor a key of SSH'
binrip sim:demo new.cue --sign keys/mini.pub
expect_error 'keys/mini\.pub is neither a secret key of minisign nor a key of SSH'
binrip sim:demo new.cue --sign keys
expect_error 'keys is not a regular file'
binrip sim:demo new.cue --sign keys/none
expect_error 'cannot open keys/none: No such file or directory'
ssh-keygen -q -t ed25519 -N 'a passphrase' -f keys/locked.key
printf 'a\na\n' | minisign -G -p keys/locked.pub -s keys/locked.mini >/dev/null 2>&1
for key in locked.key locked.mini; do
  binrip sim:demo new.cue --sign keys/$key
  expect_error "keys/$key needs a passphrase, and there is no terminal to ask for it"
done
mkdir empty
PATH=$PWD/empty binrip sim:demo new.cue --sign keys/mini.key
expect_error 'minisign is not installed, and the key is for it'
grep -q '^hint: install the package minisign$' "$work/err" || problem 'expected a hint'
[ -z "$(ls -d new* 2>/dev/null)" ] || problem 'expected nothing of a rip that was refused'

# A key that turns out not to work: the image stays, and the exit code tells.
head -c 250 keys/mini.key | sed 's/AAAA/BBBB/g' >keys/broken.key
printf 'AAAA\n' >>keys/broken.key
sed 's/b3BlbnNzaC1rZXktdjEAAAAABG5vbmU.*/b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAA/' keys/ssh.key >keys/broken.ssh
binrip sim:zoo/audio-simple kept.cue --sign keys/broken.ssh
expect_code 1
expect_err_line 'binrip: error: the image is there, but its log is not signed: ssh-keygen: .*'
[ -e kept.cue ] || problem 'expected the image to be kept'
[ ! -e kept.partial ] || problem 'expected no partial folder'
[ ! -e kept.log.sig ] || problem 'expected no signature'
binrip verify kept.cue
expect_code 0

# A tool that hangs or lies is no worse.
mkdir tools
printf '#!/bin/sh\nexit 0\n' >tools/minisign
chmod +x tools/minisign
PATH=$PWD/tools:$PATH binrip sim:zoo/audio-simple lied.cue --sign keys/mini.key --progress json
expect_code 1
expect_out_line '\{"event":"done","exit_code":1,.*"error":"cannot open .*"\}'
binrip verify lied.cue
expect_code 0

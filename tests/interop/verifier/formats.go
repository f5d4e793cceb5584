package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	typeLog         = 0x01
	typeWitness     = 0x04
	mostNote        = 1 << 18
	mostSignatures  = 100
	latest          = 253402300799 // the last second of the year 9999
	cosignatureSize = 8 + ed25519.SignatureSize
)

// The library takes "007" and "+7" for numbers in places; a format with one spelling must not.
var number = regexp.MustCompile(`\A(?:0|[1-9][0-9]{0,18})\z`)

func parseNumber(text string) (int64, error) {
	if !number.MatchString(text) {
		return 0, fmt.Errorf("not a number in its one spelling: %q", text)
	}
	return strconv.ParseInt(text, 10, 64)
}

// canonical decodes base64 in its one spelling. The library's decoder, which note.Open uses,
// passes over line breaks and over the unused bits at the end.
func canonical(text string) ([]byte, error) {
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || base64.StdEncoding.EncodeToString(data) != text {
		return nil, fmt.Errorf("not base64 in its one spelling")
	}
	return data, nil
}

func parseHash(text string) (tlog.Hash, error) {
	var hash tlog.Hash
	data, err := canonical(text)
	if err != nil || len(data) != tlog.HashSize {
		return hash, fmt.Errorf("not a SHA-256 in base64")
	}
	copy(hash[:], data)
	return hash, nil
}

// plainText holds for UTF-8 without control characters other than the line break.
func plainText(data []byte, most int) error {
	if len(data) > most {
		return fmt.Errorf("longer than %d bytes", most)
	}
	if !utf8.Valid(data) {
		return errors.New("not UTF-8")
	}
	for _, b := range data {
		if b < 0x20 && b != '\n' {
			return errors.New("a control character")
		}
	}
	return nil
}

// smallOrder are the fourteen spellings of the points whose order divides eight. Under such a key
// anybody can sign; RFC 8032 lets verifiers differ about them, so that all of ours refuse them.
var smallOrder = func() map[string]bool {
	found := map[string]bool{}
	for _, spelling := range []string{
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	} {
		data, err := hex.DecodeString(spelling)
		if err != nil {
			panic(err)
		}
		found[string(data)] = true
		data[31] |= 0x80
		found[string(data)] = true
	}
	return found
}()

// verify holds for an Ed25519 signature whose key and whose point R are not of small order.
func verify(public ed25519.PublicKey, message, signature []byte) bool {
	return len(public) == ed25519.PublicKeySize && len(signature) == ed25519.SignatureSize &&
		!smallOrder[string(public)] && !smallOrder[string(signature[:32])] &&
		ed25519.Verify(public, message, signature)
}

// key is the public key of a log or of a witness. It serves note.Open as a note.Verifier.
type key struct {
	name   string
	id     uint32
	kind   byte
	public []byte
}

func (k *key) Name() string    { return k.name }
func (k *key) KeyHash() uint32 { return k.id }
func (k *key) label() string   { return fmt.Sprintf("%s+%08x", k.name, k.id) }

func (k *key) Verify(message, signature []byte) bool {
	if k.kind == typeLog {
		return verify(k.public, message, signature)
	}
	if len(signature) != cosignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(signature)
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, message)
	return 0 < time && time < 1<<63 && verify(k.public, []byte(text), signature[8:])
}

// parseKey reads a verifier key. note.NewVerifier knows only the type of a log's key, and takes
// upper-case hex and base64 with unused bits set.
func parseKey(vkey string, kind byte) (*key, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 || plainText([]byte(vkey), mostNote) != nil || strings.Contains(vkey, "\n") {
		return nil, errors.New("not a verifier key: name+hash+key")
	}
	data, err := canonical(parts[2])
	if err != nil || len(data) != 1+ed25519.PublicKeySize || data[0] != kind {
		return nil, fmt.Errorf("not a verifier key of type %#02x", kind)
	}
	if smallOrder[string(data[1:])] {
		return nil, errors.New("a key of small order: anybody can sign under it")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), data...))
	if hex.EncodeToString(sum[:4]) != parts[1] || !goodName(parts[0]) {
		return nil, errors.New("the verifier key does not match its own hash")
	}
	return &key{parts[0], binary.BigEndian.Uint32(sum[:4]), kind, data[1:]}, nil
}

// goodName asks the library, which keeps its rule to itself: it lets a signer of a good name sign.
func goodName(name string) bool {
	_, err := note.Sign(&note.Note{Text: "\n"}, nameOnly(name))
	return err == nil
}

type nameOnly string

func (n nameOnly) Name() string                { return string(n) }
func (n nameOnly) KeyHash() uint32             { return 0 }
func (n nameOnly) Sign([]byte) ([]byte, error) { return []byte{0}, nil }

type cosignature struct {
	witness *key
	time    uint64
}

type checkpoint struct {
	origin   string
	size     int64
	root     tlog.Hash
	cosigned []cosignature
}

// openCheckpoint verifies a checkpoint and every signature on it whose key is known: one that
// fails spoils the whole, as note.Open has it. Unknown ones are passed over.
func openCheckpoint(data []byte, policy *policy) (*checkpoint, error) {
	if err := plainText(data, mostNote); err != nil {
		return nil, err
	}
	origin, _, _ := strings.Cut(string(data), "\n")
	known := map[string]*key{}
	var verifiers []note.Verifier
	for _, keys := range [][]*key{policy.logs, policy.witnesses} {
		for _, one := range keys {
			label := one.label()
			// Keys of other logs say nothing here; the same key twice is one key.
			if known[label] == nil && (one.kind == typeWitness || one.name == origin) {
				known[label] = one
				verifiers = append(verifiers, one)
			}
		}
	}
	opened, err := note.Open(data, note.VerifierList(verifiers...))
	if err != nil {
		return nil, err
	}
	found, err := readCheckpoint(opened.Text)
	if err != nil {
		return nil, err
	}
	signatures := data[len(opened.Text)+1:]
	lines := strings.Split(strings.TrimSuffix(string(signatures), "\n"), "\n")
	if len(lines) > mostSignatures {
		return nil, errors.New("too many signatures")
	}
	seen := map[*key]bool{}
	times := map[*key]uint64{}
	// note.Open has read and verified every line, but base64 of any spelling, and of each key's
	// signatures only the first.
	for _, line := range lines {
		parts := strings.Split(line, " ")
		if len(parts) != 3 {
			return nil, errors.New("a malformed signature line")
		}
		blob, err := canonical(parts[2])
		if err != nil {
			return nil, err
		}
		id, signature := binary.BigEndian.Uint32(blob), blob[4:]
		one := known[fmt.Sprintf("%s+%08x", parts[1], id)]
		if one == nil {
			continue
		}
		if seen[one] && !one.Verify([]byte(opened.Text), signature) {
			return nil, fmt.Errorf("a later signature of %s is wrong", one.name)
		}
		seen[one] = true
		if one.kind == typeLog {
			continue
		}
		time := binary.BigEndian.Uint64(signature)
		if time > latest {
			// No calendar holds it: the witness lies, and cannot spoil what others signed by that.
			continue
		}
		// A witness that signed twice counts once, with its first time.
		if before, ok := times[one]; !ok || time < before {
			times[one] = time
		}
	}
	signed := false
	for one := range seen {
		signed = signed || one.kind == typeLog
	}
	if !signed && len(policy.logs) > 0 {
		return nil, errors.New("not signed by the log")
	}
	for witness, time := range times {
		found.cosigned = append(found.cosigned, cosignature{witness, time})
	}
	sort.Slice(found.cosigned, func(i, j int) bool {
		return found.cosigned[i].time < found.cosigned[j].time
	})
	return found, nil
}

// readCheckpoint reads the signed text. tlog.ParseTree reads only that of Go's own database.
func readCheckpoint(text string) (*checkpoint, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 3 {
		return nil, errors.New("not a checkpoint")
	}
	for _, line := range lines {
		if line == "" {
			return nil, errors.New("an empty line in a checkpoint")
		}
	}
	size, err := parseNumber(lines[1])
	if err != nil {
		return nil, err
	}
	root, err := parseHash(lines[2])
	if err != nil {
		return nil, err
	}
	return &checkpoint{origin: lines[0], size: size, root: root}, nil
}

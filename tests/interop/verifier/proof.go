package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	magic      = "c2sp.org/tlog-proof@v1"
	mostProof  = 1 << 19
	mostLeaf   = 1<<16 - 1
	mostHashes = 63
)

const (
	hexDigest = `([0-9a-f]{64})`
	decimal   = `(0|-?[1-9][0-9]{0,30})`
	natural   = `(0|[1-9][0-9]{0,30})`
)

// leafForm is a leaf of version 1 in RFC 8785, which leaves it one spelling.
var leafForm = regexp.MustCompile(`\A\{"clock":"` + decimal + `","envelope":"` + hexDigest +
	`","kind":"(report|review|reply|notice|statement|source|agreement|role|correction|withdrawal` +
	`|erased|heartbeat|bulletin|parameters|decision)","length":"` + natural + `","payload":"` +
	hexDigest + `",(?:"policy":"` + hexDigest + `",)?"previous":(?:null|"` + hexDigest +
	`"),"received":"` + decimal + `","sequence":"` + natural + `","source":"` + hexDigest +
	`","uncertainty":"` + natural + `","v":1\}\z`)

type proof struct {
	leaf   []byte
	index  int64
	hashes []tlog.Hash
	note   []byte
}

func readProof(data []byte) (*proof, error) {
	if err := plainText(data, mostProof); err != nil {
		return nil, err
	}
	head, rest, found := strings.Cut(string(data), "\n\n")
	if !found {
		return nil, errors.New("no empty line before the checkpoint")
	}
	lines := strings.Split(head, "\n")
	if len(lines) < 3 || lines[0] != magic {
		return nil, errors.New("not a tlog-proof of version 1")
	}
	extra := strings.TrimPrefix(lines[1], "extra ")
	index := strings.TrimPrefix(lines[2], "index ")
	if extra == lines[1] || index == lines[2] {
		return nil, errors.New("without the leaf or without the index")
	}
	read := proof{note: []byte(rest)}
	var err error
	if read.leaf, err = canonical(extra); err != nil {
		return nil, err
	}
	if len(read.leaf) > mostLeaf || len(lines)-3 > mostHashes {
		return nil, errors.New("a longer leaf or path than any log has")
	}
	if read.index, err = parseNumber(index); err != nil {
		return nil, err
	}
	for _, line := range lines[3:] {
		hash, err := parseHash(line)
		if err != nil {
			return nil, err
		}
		read.hashes = append(read.hashes, hash)
	}
	return &read, nil
}

type policy struct {
	logs      []*key
	witnesses []*key
	quorum    int
}

func readPolicy(logs, witnesses []string, quorum int) (*policy, error) {
	read := policy{quorum: quorum}
	for _, vkey := range logs {
		log, err := parseKey(vkey, typeLog)
		if err != nil {
			return nil, err
		}
		read.logs = append(read.logs, log)
	}
	seen := map[string]bool{}
	for _, vkey := range witnesses {
		witness, err := parseKey(vkey, typeWitness)
		if err != nil {
			return nil, err
		}
		// One key under two names would be counted twice.
		if seen[string(witness.public)] {
			return nil, errors.New("a witness is named twice")
		}
		seen[string(witness.public)] = true
		read.witnesses = append(read.witnesses, witness)
	}
	if quorum < 0 || quorum > len(witnesses) {
		return nil, errors.New("the quorum is more than there are witnesses")
	}
	return &read, nil
}

// checkProof answers with what was proven, or with the reason why nothing was.
func checkProof(data []byte, policy *policy) (map[string]any, error) {
	read, err := readProof(data)
	if err != nil {
		return nil, err
	}
	fields := leafForm.FindSubmatch(read.leaf)
	if fields == nil {
		return nil, errors.New("the leaf is not a leaf of version 1 in canonical form")
	}
	opened, err := openCheckpoint(read.note, policy)
	if err != nil {
		return nil, err
	}
	leaf := tlog.RecordHash(read.leaf)
	if err := includes(read.hashes, opened.size, opened.root, read.index, leaf); err != nil {
		return nil, err
	}
	if len(opened.cosigned) < policy.quorum {
		return nil, errors.New("the quorum is not reached")
	}
	return map[string]any{
		"origin":   opened.origin,
		"index":    fmt.Sprint(read.index),
		"size":     fmt.Sprint(opened.size),
		"root":     fmt.Sprintf("%x", opened.root[:]),
		"leaf":     fmt.Sprintf("%x", leaf[:]),
		"kind":     string(fields[3]),
		"received": string(fields[8]),
		"payload":  string(fields[5]),
		"cosigned": told(opened.cosigned),
		// A third of the witnesses may lie; the earliest time beyond theirs bounds the truth.
		"not_after": bound(opened.cosigned, (len(policy.witnesses)-1)/3),
	}, nil
}

func told(cosigned []cosignature) [][2]string {
	found := [][2]string{}
	for _, one := range cosigned {
		found = append(found, [2]string{one.witness.label(), fmt.Sprint(one.time)})
	}
	return found
}

// bound is nil where so few have cosigned that all of them may lie.
func bound(cosigned []cosignature, liars int) any {
	if len(cosigned) <= liars {
		return nil
	}
	return fmt.Sprint(cosigned[liars].time)
}

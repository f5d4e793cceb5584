package main

import (
	"crypto/sha256"
	"errors"

	"golang.org/x/mod/sumdb/tlog"
)

var emptyRoot = tlog.Hash(sha256.Sum256(nil))

// From here on tlog.CheckRecord and tlog.CheckTree do not come back: they look for the power of two
// below a size with a number of 64 bits, which overflows. A size is whatever a log signs, so for
// these two functions of our own stand in.
const librarySize = 1 << 62

var errPath = errors.New("the path does not lead to the root")

// includes is RFC 6962, 2.1.1.
func includes(hashes []tlog.Hash, size int64, root tlog.Hash, index int64, leaf tlog.Hash) error {
	if size <= librarySize {
		return tlog.CheckRecord(tlog.RecordProof(hashes), size, root, index, leaf)
	}
	if index < 0 || index >= size {
		return errPath
	}
	place, last, node := index, size-1, leaf
	for _, sibling := range hashes {
		if last == 0 {
			return errPath
		}
		if place&1 == 1 || place == last {
			node = tlog.NodeHash(sibling, node)
			for ; place&1 == 0 && place != 0; place >>= 1 {
				last >>= 1
			}
		} else {
			node = tlog.NodeHash(node, sibling)
		}
		place, last = place>>1, last>>1
	}
	if last != 0 || node != root {
		return errPath
	}
	return nil
}

// extends is RFC 6962, 2.1.2. The library refuses proofs from size 0; a witness takes the empty
// one from the root of nothing (C2SP tlog-witness), and so do we.
func extends(hashes []tlog.Hash, size int64, root tlog.Hash, old int64, before tlog.Hash) error {
	if old == 0 {
		if len(hashes) != 0 || before != emptyRoot || (size == 0 && root != emptyRoot) {
			return errors.New("from nothing only the empty proof holds")
		}
		return nil
	}
	if size <= librarySize {
		return tlog.CheckTree(tlog.TreeProof(hashes), size, root, old, before)
	}
	if old < 0 || old > size || (old == size && (len(hashes) != 0 || before != root)) {
		return errPath
	}
	if old == size {
		return nil
	}
	path := hashes
	if old&(old-1) == 0 {
		path = append([]tlog.Hash{before}, hashes...)
	}
	if len(path) == 0 {
		return errPath
	}
	place, last := old-1, size-1
	for place&1 == 1 {
		place, last = place>>1, last>>1
	}
	first, second := path[0], path[0]
	for _, sibling := range path[1:] {
		if last == 0 {
			return errPath
		}
		if place&1 == 1 || place == last {
			first, second = tlog.NodeHash(sibling, first), tlog.NodeHash(sibling, second)
			for ; place&1 == 0 && place != 0; place >>= 1 {
				last >>= 1
			}
		} else {
			second = tlog.NodeHash(second, sibling)
		}
		place, last = place>>1, last>>1
	}
	if last != 0 || first != before || second != root {
		return errPath
	}
	return nil
}

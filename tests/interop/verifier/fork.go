package main

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	forkLine = "trucewatch/tlog-fork@v1"
	mostFork = 1 << 20
)

// checkFork holds where a log's key signed two checkpoints that cannot both be true.
func checkFork(data []byte, logs *policy) (map[string]any, error) {
	lines := strings.Split(string(data), "\n")
	if err := plainText(data, mostFork); err != nil {
		return nil, err
	}
	last := len(lines) - 1
	if last < 3 || last-3 > mostHashes || lines[last] != "" || lines[0] != forkLine {
		return nil, errors.New("not the proof of a fork")
	}
	var sides []*checkpoint
	for at, word := range []string{"smaller ", "larger "} {
		text := strings.TrimPrefix(lines[at+1], word)
		if text == lines[at+1] {
			return nil, errors.New("a checkpoint is missing")
		}
		note, err := canonical(text)
		if err != nil {
			return nil, err
		}
		// Witnesses do not matter here: a false line of theirs cannot hide a fork.
		side, err := openCheckpoint(note, &policy{logs: logs.logs})
		if err != nil {
			return nil, err
		}
		sides = append(sides, side)
	}
	var path []tlog.Hash
	for _, line := range lines[3:last] {
		hash, err := parseHash(line)
		if err != nil {
			return nil, err
		}
		path = append(path, hash)
	}
	small, large := sides[0], sides[1]
	if small.origin != large.origin || small.size > large.size {
		return nil, errors.New("two logs, or the larger checkpoint first")
	}
	if err := forked(small, large, path); err != nil {
		return nil, err
	}
	return map[string]any{
		"origin": small.origin,
		"sizes":  [2]string{fmt.Sprint(small.size), fmt.Sprint(large.size)},
		"roots":  [2]string{fmt.Sprintf("%x", small.root[:]), fmt.Sprintf("%x", large.root[:])},
	}, nil
}

func forked(small, large *checkpoint, path []tlog.Hash) error {
	if small.size == 0 || small.size == large.size {
		other := large.root
		if small.size == 0 && large.size > 0 {
			other = emptyRoot
		}
		if len(path) != 0 || small.root == other {
			return errors.New("both say the same")
		}
		return nil
	}
	before, err := rootBefore(small.size, large.size, path)
	if err != nil {
		return err
	}
	// The library's path leaves the first hash away where the old tree is whole in the new.
	public := path
	if small.size&(small.size-1) == 0 {
		public = path[1:]
	}
	// What the path makes of the larger tree is for the library to say.
	if err := extends(public, large.size, large.root, small.size, before); err != nil {
		return err
	}
	if before == small.root {
		return errors.New("the larger grew out of the smaller")
	}
	return nil
}

// rootBefore is the root of the smaller tree that a path of growth makes (RFC 6962, 2.1.2, with
// the first hash written out).
func rootBefore(old, size int64, path []tlog.Hash) (tlog.Hash, error) {
	var right []bool
	for old != size {
		left := int64(1)
		for left < size-left {
			left <<= 1
		}
		if old <= left {
			right, size = append(right, false), left
		} else {
			right, old, size = append(right, true), old-left, size-left
		}
	}
	if len(path) != len(right)+1 {
		return tlog.Hash{}, errPath
	}
	node := path[0]
	for at, sibling := range path[1:] {
		if right[len(right)-1-at] {
			node = tlog.NodeHash(sibling, node)
		}
	}
	return node, nil
}

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	mostFile   = tileWidth * (2 + 1<<16)
)

// place is where a log is published: a folder, or an address that serves one.
type place string

func (p place) read(name string) ([]byte, error) {
	if !strings.HasPrefix(string(p), "http://") {
		return os.ReadFile(filepath.Join(string(p), filepath.FromSlash(name)))
	}
	answer, err := http.Get(strings.TrimSuffix(string(p), "/") + "/" + name)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", name, answer.Status)
	}
	return io.ReadAll(io.LimitReader(answer.Body, mostFile))
}

// Height, ReadTiles and SaveTiles make a place a tlog.TileReader.
func (p place) Height() int { return tileHeight }

// SaveTiles keeps nothing: what is read is checked and dropped.
func (p place) SaveTiles([]tlog.Tile, [][]byte) {}

// ReadTiles reads tiles of hashes, or the full one in the place of a partial one.
func (p place) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		// Go's database names the height in the path; C2SP, whose height is fixed, does not.
		data, err := p.tile(strings.TrimPrefix(tile.Path(), "tile/8/"), tile.W*tlog.HashSize)
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func (p place) tile(name string, size int) ([]byte, error) {
	data, err := p.read("tile/" + name)
	if whole, _, partial := strings.Cut(name, ".p/"); err != nil && partial {
		data, err = p.read("tile/" + whole)
	}
	if err != nil || size < 0 {
		return data, err
	}
	if len(data) < size {
		return nil, fmt.Errorf("tile/%s: too short", name)
	}
	return data[:size], nil
}

func bundle(data []byte, width int) ([][]byte, error) {
	var leaves [][]byte
	for len(data) > 0 && len(leaves) < width {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, errors.New("a bundle ends within an entry")
		}
		stop := 2 + int(binary.BigEndian.Uint16(data))
		leaves = append(leaves, data[2:stop])
		data = data[stop:]
	}
	if len(leaves) < width {
		return nil, errors.New("a bundle with too few entries")
	}
	return leaves, nil
}

// checkFolder recomputes the root of a published log from its leaves, and reads every tile of
// hashes through Go's own tile reader, which holds each against the signed root.
func checkFolder(where place, policy *policy) (map[string]any, error) {
	note, err := where.read("checkpoint")
	if err != nil {
		return nil, err
	}
	opened, err := openCheckpoint(note, policy)
	if err != nil {
		return nil, err
	}
	if opened.size > librarySize {
		return nil, errors.New("larger than any log that could be read")
	}
	tree := tlog.Tree{N: opened.size, Hash: opened.root}
	reader := tlog.TileHashReader(tree, where)
	var stored []tlog.Hash
	held := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	for at := int64(0); at < opened.size; at += tileWidth {
		tile := tlog.Tile{H: tileHeight, L: 0, N: at / tileWidth, W: tileWidth}
		if opened.size-at < tileWidth {
			tile.W = int(opened.size - at)
		}
		name := "entries/" + strings.TrimPrefix(tile.Path(), "tile/8/0/")
		data, err := where.tile(name, -1)
		if err != nil {
			return nil, err
		}
		leaves, err := bundle(data, tile.W)
		if err != nil {
			return nil, fmt.Errorf("tile/%s: %w", name, err)
		}
		var indexes []int64
		for offset, leaf := range leaves {
			hashes, err := tlog.StoredHashes(at+int64(offset), leaf, held)
			if err != nil {
				return nil, err
			}
			stored = append(stored, hashes...)
			indexes = append(indexes, tlog.StoredHashIndex(0, at+int64(offset)))
		}
		published, err := reader.ReadHashes(indexes)
		if err != nil {
			return nil, err
		}
		for offset, index := range indexes {
			if !bytes.Equal(published[offset][:], stored[index][:]) {
				return nil, fmt.Errorf("entry %d: the tile has another hash", at+int64(offset))
			}
		}
	}
	root := emptyRoot
	if opened.size > 0 {
		if root, err = tlog.TreeHash(opened.size, held); err != nil {
			return nil, err
		}
	}
	if root != opened.root {
		return nil, errors.New("the entries make another root than the one that was signed")
	}
	return map[string]any{
		"origin":   opened.origin,
		"size":     fmt.Sprint(opened.size),
		"root":     fmt.Sprintf("%x", root[:]),
		"cosigned": told(opened.cosigned),
	}, nil
}

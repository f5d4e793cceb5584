// Command verifier is a second reader of everything that a Trucewatch log publishes, in another
// language and on another library (golang.org/x/mod/sumdb), so that a mistake of the first reader
// is seen. It takes one question a line on standard input, as JSON, and answers each with one line.
//
// Bytes travel in base64 and numbers that may be large as decimal strings.
package main

import (
	"bufio"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Op        string   `json:"op"`
	Logs      []string `json:"logs"`
	Witnesses []string `json:"witnesses"`
	Quorum    int      `json:"quorum"`
	Data      []byte   `json:"data"`
	Where     string   `json:"where"`

	// A proof by its parts, as public vectors have them.
	Index  string   `json:"index"`
	Size   string   `json:"size"`
	Root   []byte   `json:"root"`
	Before []byte   `json:"before"`
	Old    string   `json:"old"`
	Leaf   []byte   `json:"leaf"`
	Hashes [][]byte `json:"hashes"`

	Key       []byte `json:"key"`
	Signature []byte `json:"signature"`
	Message   []byte `json:"message"`
}

func hash(data []byte) (tlog.Hash, error) {
	var found tlog.Hash
	if len(data) != tlog.HashSize {
		return found, errors.New("a hash that is not 32 bytes long")
	}
	copy(found[:], data)
	return found, nil
}

// parts are what a proof by its parts consists of: two numbers, two hashes, and the path.
func parts(first, second string, one, other []byte, path [][]byte) (int64, int64, tlog.Hash, tlog.Hash, []tlog.Hash, error) {
	number1, err1 := parseNumber(first)
	number2, err2 := parseNumber(second)
	hash1, err3 := hash(one)
	hash2, err4 := hash(other)
	var hashes []tlog.Hash
	for _, data := range path {
		one, err := hash(data)
		if err != nil {
			return 0, 0, hash1, hash2, nil, err
		}
		hashes = append(hashes, one)
	}
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			return 0, 0, hash1, hash2, nil, err
		}
	}
	return number1, number2, hash1, hash2, hashes, nil
}

func (q *question) inclusion() error {
	index, size, leaf, root, hashes, err := parts(q.Index, q.Size, q.Leaf, q.Root, q.Hashes)
	if err != nil {
		return err
	}
	return includes(hashes, size, root, index, leaf)
}

func (q *question) consistency() error {
	old, size, before, root, hashes, err := parts(q.Old, q.Size, q.Before, q.Root, q.Hashes)
	if err != nil {
		return err
	}
	return extends(hashes, size, root, old, before)
}

func (q *question) ed25519(holds func(public ed25519.PublicKey, message, signature []byte) bool) error {
	if len(q.Key) != ed25519.PublicKeySize || !holds(q.Key, q.Message, q.Signature) {
		return errors.New("the signature is wrong")
	}
	return nil
}

func (q *question) answer() (map[string]any, error) {
	none := map[string]any{}
	switch q.Op {
	case "inclusion":
		return none, q.inclusion()
	case "consistency":
		return none, q.consistency()
	case "ed25519":
		return none, q.ed25519(ed25519.Verify)
	case "signature":
		return none, q.ed25519(verify)
	}
	policy, err := readPolicy(q.Logs, q.Witnesses, q.Quorum)
	if err != nil {
		return nil, err
	}
	// A checkpoint may be asked about for its witnesses alone; whatever else it is, it is its log's.
	if len(policy.logs) == 0 && q.Op != "checkpoint" {
		return nil, errors.New("without the key of a log nothing is believed")
	}
	switch q.Op {
	case "proof":
		return checkProof(q.Data, policy)
	case "fork":
		return checkFork(q.Data, policy)
	case "folder":
		return checkFolder(place(q.Where), policy)
	case "checkpoint":
		opened, err := openCheckpoint(q.Data, policy)
		if err != nil {
			return nil, err
		}
		return map[string]any{"origin": opened.origin, "size": fmt.Sprint(opened.size),
			"root": fmt.Sprintf("%x", opened.root[:]), "cosigned": told(opened.cosigned)}, nil
	}
	return nil, fmt.Errorf("no such question: %q", q.Op)
}

func main() {
	input := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	answers := json.NewEncoder(output)
	for input.More() {
		var asked question
		if err := input.Decode(&asked); err != nil {
			fmt.Fprintln(os.Stderr, "verifier:", err)
			output.Flush()
			os.Exit(2)
		}
		found, err := asked.answer()
		if err != nil {
			found = map[string]any{"ok": false, "why": err.Error()}
		} else {
			found["ok"] = true
		}
		if err := answers.Encode(found); err != nil {
			fmt.Fprintln(os.Stderr, "verifier:", err)
			os.Exit(2)
		}
	}
}

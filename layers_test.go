package dateline_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestLayers keeps the map in ARCHITECTURE.md true: the root package imports
// the standard library only, and crawler, indexer and api never one another.
func TestLayers(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != "." || d.Name() == "testdata" || d.Name() == "data") {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		layer, _, inside := strings.Cut(filepath.ToSlash(path), "/")
		if !inside {
			layer = ""
		}
		for _, spec := range f.Imports {
			imp, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if why := forbidden(layer, imp); why != "" {
				t.Errorf("%s imports %s: %s", path, imp, why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("looked at %d files only", files)
	}
}

func forbidden(layer, imp string) string {
	first, rest, _ := strings.Cut(imp, "/")
	if layer == "" && strings.Contains(first, ".") {
		return "the shared words need nothing but the standard library"
	}
	if layer == "" && first == "dateline" {
		return "what is shared depends on nothing of ours"
	}
	if first == "dateline" && layer != "cmd" && rest != "" {
		if other, _, _ := strings.Cut(rest, "/"); other != layer {
			return "siblings do not know each other; the root package is what they share"
		}
	}
	return ""
}

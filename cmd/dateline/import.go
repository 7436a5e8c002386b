package main

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

func newImport(f *flags) *cobra.Command {
	var m indexMode
	var again bool
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Take in .jsonl[.gz], .warc[.gz|.zst], .arc[.gz], .html or a folder of them",
		Long: "Take in .jsonl[.gz], .warc[.gz|.zst], .arc[.gz], .html or a folder of them.\n" +
			"An import that was stopped goes on where it was when the same command is run again.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := f.setup(cmd)
			if err != nil {
				return err
			}
			files, err := importFiles(args)
			if err != nil {
				return &usageError{err}
			}
			if err := a.openIndex(cmd.Context(), m); err != nil {
				return err
			}
			defer a.close()
			im := newImporter(cmd.Context(), a)
			im.mode, im.again = resumeMode(a.cfg, m), again
			im.bar = newProgress(cmd.ErrOrStderr(), files)
			err = im.all(files)
			im.bar.end()
			if err != nil {
				return err
			}
			for _, name := range im.known {
				fmt.Fprintf(cmd.ErrOrStderr(), "%s: imported before, not read again (--again reads it)\n", name)
			}
			if im.knownPages > 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "%d HTML files were imported before and not read again (--again reads them)\n", im.knownPages)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%d read, %d new or changed, %d known, %d off the stories (--all keeps them), %.0f docs/s\n",
				im.read, im.added, im.taken-im.added, im.off, im.perSecond())
			if im.noIndex > 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "%d left out, as their pages ask not to be indexed\n", im.noIndex)
			}
			if len(im.failed) > 0 {
				return &partlyError{im.failed}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&m.keepAll, "all", false, "keep what no story is about")
	cmd.Flags().BoolVar(&m.givenOnly, "given-entities-only", false, "take the file's own people, orgs and places, recognise none")
	cmd.Flags().BoolVar(&again, "again", false, "read files from their beginning, also what was imported before")
	return cmd
}

// importFiles lists the files, those of folders in name order.
func importFiles(args []string) ([]string, error) {
	var out []string
	for _, arg := range args {
		err := filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.Type().IsRegular() && (path == arg || importKind(path) != "") {
				out = append(out, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for _, name := range out {
		if importKind(name) == "" {
			return nil, fmt.Errorf("%s: want a .jsonl, .warc, .arc or .html file (each also with .gz, .warc also with .zst)", name)
		}
	}
	return out, nil
}

func importKind(name string) string {
	name = strings.ToLower(name)
	if strings.HasSuffix(name, ".warc.zst") {
		return "warc"
	}
	switch filepath.Ext(strings.TrimSuffix(name, ".gz")) {
	case ".jsonl":
		return "jsonl"
	case ".warc", ".arc":
		return "warc"
	case ".html", ".htm":
		return "html"
	}
	return ""
}

// takeArchives imports the WARC files that stories name as sources, what is
// new in them. One that cannot be read is logged, and the rest goes on.
func (a *app) takeArchives(ctx context.Context) error {
	im := newImporter(ctx, a)
	im.mode = resumeMode(a.cfg, indexMode{})
	for _, s := range a.cfg.Stories {
		for _, src := range s.Sources {
			if src.WARC == "" {
				continue
			}
			files, err := filepath.Glob(src.WARC)
			if err != nil {
				return &usageError{fmt.Errorf("source warc: %q: %w", src.WARC, err)}
			}
			if len(files) == 0 {
				a.log.Warn("no such archive", "warc", src.WARC)
			}
			for _, file := range files {
				if err := im.file(file); err != nil { //nolint:contextcheck // the importer has it
					if im.broken != nil {
						return im.broken
					}
					a.log.Error("archive not read to its end", "file", file, "error", err)
				}
			}
		}
	}
	return im.flush()
}

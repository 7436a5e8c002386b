package main

import (
	"fmt"
	"path/filepath"
	"runtime/debug"
	"sort"

	"github.com/spf13/cobra"
)

func newReindex(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "reindex",
		Short: "Rebuild the index from the store",
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := f.open(cmd)
			if err != nil {
				return err
			}
			defer a.close()
			return a.idx.Reindex(cmd.Context())
		},
	}
}

func newReextract(f *flags) *cobra.Command {
	var memory bool
	cmd := &cobra.Command{
		Use:   "reextract",
		Short: "Rebuild the articles from the archive of fetched pages",
		Long: "Reads every page of the archive again. What the pages of an outlet have in common is left out of its\n" +
			"articles as it was known when the last crawl started, so that the same archive gives the same articles;\n" +
			"--memory uses all that was learned since.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := f.setup(cmd)
			if err != nil {
				return err
			}
			files, err := filepath.Glob(filepath.Join(a.cfg.Data, "warc", "*.warc.gz"))
			if err != nil {
				return err
			}
			if len(files) == 0 {
				return fmt.Errorf("no archive in %s (crawler.archive: true keeps one)", filepath.Join(a.cfg.Data, "warc"))
			}
			sort.Strings(files)
			if err := a.openIndex(cmd.Context(), indexMode{}); err != nil {
				return err
			}
			defer a.close()
			if memory {
				if err := a.lines.activate(); err != nil {
					return err
				}
			}
			im := newImporter(cmd.Context(), a) // without a mode: every page is read again
			im.replay = true
			if err := im.all(files); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%d pages read, %d articles taken\n", im.read, im.taken)
			if len(im.failed) > 0 {
				return &partlyError{im.failed}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&memory, "memory", false, "put in force first what was learned of lines that an outlet's pages have in common")
	return cmd
}

func newStats(f *flags) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "stats [ADDRESS]",
		Short: "What is in the store, per outlet, per source, and per reason for not fetching",
		Long: "What is in the store, per outlet, per source, and per reason for not fetching.\n" +
			"With an address: how it was found, what came of it, and when it is looked at again.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := f.setup(cmd)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return a.addressStats(cmd, args[0], asJSON)
			}
			s, err := a.readStats(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), s)
			}
			printStats(cmd.OutOrStdout(), s)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "machine-readable")
	return cmd
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "The version of this program",
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "dateline", version())
			return err
		},
	}
}

// version is the module's version, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 && (v == "" || v == "(devel)") {
			v = s.Value[:12]
		}
	}
	if v == "" {
		v = "(devel)"
	}
	return v
}

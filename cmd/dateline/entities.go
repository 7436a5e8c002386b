package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"dateline"
	"dateline/indexer/entity"
)

func newEntities(f *flags) *cobra.Command {
	var jsonl bool
	cmd := &cobra.Command{
		Use:   "entities [FILE]",
		Short: "Text to entities' JSON (standard input without FILE)",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := f.setup(cmd)
			if err != nil {
				return err
			}
			rec := entity.New(knownEntities(a.cfg))
			in := cmd.InOrStdin()
			if len(args) == 1 {
				file, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer file.Close()
				in = file
			}
			if jsonl {
				return entityLines(rec, in, cmd.OutOrStdout())
			}
			text, err := io.ReadAll(io.LimitReader(in, maxPage))
			if err != nil {
				return err
			}
			return writeJSON(cmd.OutOrStdout(), map[string]any{"entities": mentionLines(rec.RecognizeText(string(text)), 0)})
		},
	}
	cmd.Flags().BoolVar(&jsonl, "jsonl", false, "read {id,text} or {id,title,text} lines, write {id,entities} lines")
	return cmd
}

// mentionLines shifts the offsets by off bytes.
func mentionLines(ms []dateline.Mention, off int) []entityLine {
	out := make([]entityLine, 0, len(ms))
	for _, m := range ms {
		out = append(out, entityLine{m.Start + off, m.End + off, m.Type, m.Text, m.Name, m.EntityID})
	}
	return out
}

func entityLines(rec *entity.Recognizer, in io.Reader, out io.Writer) error {
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return eachLine(in, func(n int, line []byte) error {
		var req struct {
			ID    string `json:"id"`
			Title string `json:"title"`
			Text  string `json:"text"`
		}
		if err := json.Unmarshal(line, &req); err != nil {
			return fmt.Errorf("line %d: %w, want {id,text}", n, err)
		}
		// Offsets count in the text alone; a title only helps to resolve names.
		var ms []dateline.Mention
		if req.Title == "" {
			ms = rec.RecognizeText(req.Text)
		} else {
			for _, m := range rec.Recognize(req.Title, req.Text, "") {
				if !m.InTitle {
					ms = append(ms, m)
				}
			}
		}
		if err := enc.Encode(map[string]any{"id": req.ID, "entities": mentionLines(ms, 0)}); err != nil {
			return err
		}
		return w.Flush()
	})
}

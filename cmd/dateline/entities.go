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
	var jsonl, explain bool
	var list string
	cmd := &cobra.Command{
		Use:   "entities [FILE]",
		Short: "Text to entities' JSON (standard input without FILE)",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := f.setup(cmd)
			if err != nil {
				return err
			}
			own, err := ownList(list)
			if err != nil {
				return err
			}
			rec := entity.NewWithList(knownEntities(a.cfg), own)
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
				return entityLines(rec, in, cmd.OutOrStdout(), explain)
			}
			text, err := io.ReadAll(io.LimitReader(in, maxPage))
			if err != nil {
				return err
			}
			return writeJSON(cmd.OutOrStdout(), map[string]any{"entities": mentionLines(rec, "", string(text), explain)})
		},
	}
	cmd.Flags().BoolVar(&jsonl, "jsonl", false, "read {id,text} or {id,title,text} lines, write {id,entities} lines")
	cmd.Flags().BoolVar(&explain, "explain", false, "say of each entity which list, rule or model named it")
	cmd.Flags().StringVar(&list, "list", "", "lines of an own list of names, which win over the shipped ones (see indexer/entity/LISTS.md)")
	return cmd
}

// ownList reads a list of names; none is no list.
func ownList(file string) ([]entity.ListLine, error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	own, err := entity.ParseList(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return own, nil
}

// mentionLines gives the mentions in a text. Offsets count in the text alone;
// a title only helps to resolve names.
func mentionLines(rec *entity.Recognizer, title, text string, explain bool) []entityLine {
	out := []entityLine{}
	add := func(m dateline.Mention, why string) {
		if !m.InTitle {
			out = append(out, entityLine{Start: m.Start, End: m.End, Type: m.Type, Text: m.Text, Name: m.Name, EntityID: m.EntityID, Why: why})
		}
	}
	if explain {
		for _, d := range rec.Explain(title, text, "") {
			add(d.Mention, d.Why)
		}
		return out
	}
	ms := rec.RecognizeText(text)
	if title != "" {
		ms = rec.Recognize(title, text, "")
	}
	for _, m := range ms {
		add(m, "")
	}
	return out
}

func entityLines(rec *entity.Recognizer, in io.Reader, out io.Writer, explain bool) error {
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
		if err := enc.Encode(map[string]any{"id": req.ID, "entities": mentionLines(rec, req.Title, req.Text, explain)}); err != nil {
			return err
		}
		return w.Flush()
	})
}

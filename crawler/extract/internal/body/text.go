package body

import (
	"unicode"
	"unicode/utf8"
)

// hash values are FNV-1a over bytes: stable between runs and machines, since
// fitted weights and stored memories of outlets refer to them.
const (
	hashSeed  = 14695981039346656037
	hashPrime = 1099511628211
)

func hashString(s string) uint64 {
	h := uint64(hashSeed)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * hashPrime
	}
	return h
}

func hashRune(h uint64, r rune) uint64 {
	for r >= 0x80 {
		h = (h ^ uint64(r&0x7f|0x80)) * hashPrime
		r >>= 7
	}
	return (h ^ uint64(r)) * hashPrime
}

// mix joins two hashes so that their order matters.
func mix(a, b uint64) uint64 {
	h := (a ^ b<<1 ^ b>>63) * hashPrime
	return h ^ h>>29
}

// wide reports whether a rune belongs to a script that is written without
// spaces between words. The ranges are those of Thai, Lao, Myanmar, Khmer, kana
// and Han; most runes of a page are below all of them.
func wide(r rune) bool {
	switch {
	case r < 0x0E00:
		return false
	case r < 0x0F00: // Thai, Lao
		return true
	case r < 0x1000:
		return false
	case r < 0x10A0: // Myanmar
		return true
	case r >= 0x1780 && r < 0x1800: // Khmer
		return true
	case r >= 0x3040 && r < 0x3100, r >= 0x31F0 && r < 0x3200: // kana
		return true
	case r >= 0x3400 && r < 0xA000, r >= 0xF900 && r < 0xFB00, r >= 0x20000 && r < 0x33480: // Han
		return true
	case r == 0x3005, r == 0x3007:
		return true
	}
	return false
}

// tokens appends the hashes of the lower-case words of s; a character of a
// script without spaces is a word of its own, apostrophes belong to no word.
func tokens(out []uint64, s []byte) []uint64 {
	h, in := uint64(hashSeed), false
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c >= 'A' && c <= 'Z':
				c += 'a' - 'A'
				fallthrough
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
				h, in = (h^uint64(c))*hashPrime, true
			case c == '\'':
			default:
				if in {
					out = append(out, h)
					h, in = hashSeed, false
				}
			}
			continue
		}
		r, n := utf8.DecodeRune(s[i:])
		i += n
		switch {
		case wide(r):
			if in {
				out = append(out, h)
				h, in = hashSeed, false
			}
			out = append(out, hashRune(hashSeed, r))
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			h, in = hashRune(h, unicode.ToLower(r)), true
		case r == '’':
		default:
			if in {
				out = append(out, h)
				h, in = hashSeed, false
			}
		}
	}
	if in {
		out = append(out, h)
	}
	return out
}

// Tokens are the hashes of a text's words, in order.
func Tokens(s string) []uint64 { return tokens(nil, []byte(s)) }

// Join hashes a sequence of words, so that two lines that differ in case,
// punctuation or spaces only have the same value. It is 0 for no words.
func Join(toks []uint64) uint64 {
	if len(toks) == 0 {
		return 0
	}
	h := uint64(hashSeed)
	for _, t := range toks {
		h = mix(h, t)
	}
	return h
}

// set holds hashes.
type set map[uint64]struct{}

func (s set) has(h uint64) bool { _, ok := s[h]; return ok }

// shingles are the hashes of all runs of n words; of the whole for a shorter text.
func shingles(toks []uint64, n, most int) set {
	if len(toks) == 0 {
		return nil
	}
	out := make(set, min(len(toks), most))
	for i := 0; i+n <= max(len(toks), n) && len(out) < most; i++ {
		out[Join(toks[i:min(i+n, len(toks))])] = struct{}{}
	}
	return out
}

// share is the part of the runs of n words of toks that are in s.
func (s set) share(toks []uint64, n int) float32 {
	if len(s) == 0 || len(toks) < n {
		return 0
	}
	hit := 0
	for i := 0; i+n <= len(toks); i++ {
		if s.has(Join(toks[i : i+n])) {
			hit++
		}
	}
	return float32(hit) / float32(len(toks)-n+1)
}

// shown reports whether a rune of a page comes into a text: no control or
// invisible characters, no mark of a byte that was not valid.
func shown(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0, r == 0xad, r == 0xfeff, r == 0x200b, r == 0x2060, r == utf8.RuneError,
		r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return false
	}
	return true
}

package words

import (
	"fmt"
	"strconv"
	"strings"
)

// read reads the part of TOML that catalogues are written in: tables, and keys
// (bare, dotted or quoted) whose values are strings between single or double
// quotes on one line. A general reader takes ten times as long, and this is
// done at every start; a test holds the two to each other.
func read(text, subject string, into map[string]string) error {
	prefix := subject + "."
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			name, ok := strings.CutSuffix(line[1:], "]")
			if !ok || name == "" || strings.ContainsAny(name, "[]\"' ") {
				return fmt.Errorf("line %d: not a table: %s", n, line)
			}
			prefix = subject + "." + name + "."
		default:
			if err := readText(line, prefix, into); err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
		}
	}
	return nil
}

func readText(line, prefix string, into map[string]string) error {
	key, value, ok := strings.Cut(line, "=")
	if !ok {
		return fmt.Errorf("no value: %s", line)
	}
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	if len(key) > 1 && key[0] == '"' && key[len(key)-1] == '"' {
		key = key[1 : len(key)-1]
	}
	if key == "" || strings.ContainsAny(key, "\"' \t\\") {
		return fmt.Errorf("not a key: %s", key)
	}
	text, err := unquote(value)
	if err != nil {
		return err
	}
	if _, twice := into[prefix+key]; twice {
		return fmt.Errorf("%s is there twice", prefix+key)
	}
	into[prefix+key] = text
	return nil
}

// unquote reads a string; a comment may stand behind it.
func unquote(s string) (string, error) {
	if s == "" || s[0] != '"' && s[0] != '\'' || strings.HasPrefix(s, `"""`) || strings.HasPrefix(s, "'''") {
		return "", fmt.Errorf("not a string of one line: %s", s)
	}
	end, escaped := 1, false
	for ; end < len(s) && s[end] != s[0]; end++ {
		if s[end] == '\\' && s[0] == '"' {
			escaped = true
			end++
		}
	}
	if end >= len(s) {
		return "", fmt.Errorf("no end of the string: %s", s)
	}
	if rest := strings.TrimSpace(s[end+1:]); rest != "" && rest[0] != '#' {
		return "", fmt.Errorf("behind the string: %s", rest)
	}
	if !escaped {
		return s[1:end], nil
	}
	return strconv.Unquote(s[:end+1])
}

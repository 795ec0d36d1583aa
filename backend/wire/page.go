package wire

import (
	"bytes"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"strings"

	"easel/backend"
)

// isWebPage recognises HTML where JSON was wanted: a base URL that is wrong, a
// CDN, a log-in page of a network.
func isWebPage(a *Answer) bool {
	head := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(a.Body[:min(len(a.Body), 1024)], []byte("\xef\xbb\xbf"))))
	if len(head) == 0 {
		return false
	}
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Header.Get("Content-Type"))), "text/html") {
		return head[0] != '{' && head[0] != '[' // some call their JSON so
	}
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html"))
}

var titleTag = regexp.MustCompile(`(?is)<title[^>]*>([^<]{1,200})`)

// title is what a web page calls itself, to be put behind "a web page".
func title(a *Answer) string {
	m := titleTag.FindSubmatch(a.Body[:min(len(a.Body), 8<<10)])
	if m == nil {
		return ""
	}
	text := strings.Join(strings.Fields(backend.Clean(html.UnescapeString(string(m[1])))), " ")
	if text == "" {
		return ""
	}
	return " (“" + text + "”)"
}

// keyForms are the ways in which a key may stand in a text.
func keyForms(key string) []string {
	forms := []string{key}
	add := func(form string) {
		if form != key {
			forms = append(forms, form)
		}
	}
	add(url.QueryEscape(key))
	add(url.PathEscape(key))
	if quoted, err := json.Marshal(key); err == nil {
		add(string(quoted[1 : len(quoted)-1]))
	}
	return forms
}

package backendtest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"

	"easel/backend"
)

// form reads a multipart body: the texts by the kind of their rule, and the
// files, which become references.
func (rs rules) form(s *Sent, fileField string) map[string]any {
	body := map[string]any{}
	_, params, err := mime.ParseMediaType(s.Header.Get("Content-Type"))
	if err != nil {
		s.illegal("Content-Type: " + err.Error())
		return body
	}
	parts := multipart.NewReader(bytes.NewReader(s.Body), params["boundary"])
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			return body
		}
		if err != nil {
			s.illegal("multipart: " + err.Error())
			return body
		}
		data, _ := io.ReadAll(p)
		name := p.FormName()
		_, twice := body[name]
		switch {
		case p.FileName() != "" && name != fileField:
			s.illegal(fmt.Sprintf("a file in the field %q", name))
		case p.FileName() != "":
			s.file(data, p.Header.Get("Content-Type"))
		case twice:
			s.illegal(fmt.Sprintf("field %q is there twice", name))
		case rs[name].kind == aNumber:
			body[name] = json.Number(data)
		default:
			body[name] = string(data)
		}
	}
}

func (s *Sent) file(data []byte, contentType string) {
	if backend.TypeOf(data) == "" {
		s.illegal("a file that is not a picture")
	}
	s.References = append(s.References, Ref{Kind: "file", Bytes: data, Type: contentType})
}

// refer reads a reference of a JSON body. kinds are what the document allows of
// url, data and base64; types are the types of pictures, nil for any.
func (s *Sent) refer(value string, types []string, kinds ...string) {
	ref := readRef(value)
	switch {
	case !slices.Contains(kinds, ref.Kind):
		s.illegal(fmt.Sprintf("a reference must be %s, not %q", strings.Join(kinds, " or "), cut(value, 60)))
	case ref.Kind != "url" && backend.TypeOf(ref.Bytes) == "":
		s.illegal("a reference that is not a picture")
	case ref.Kind != "url" && types != nil && !slices.Contains(types, backend.TypeOf(ref.Bytes)):
		s.illegal(fmt.Sprintf("a reference of type %s; allowed: %s", backend.TypeOf(ref.Bytes), strings.Join(types, " ")))
	case ref.Kind == "data" && ref.Type != "image/"+backend.TypeOf(ref.Bytes):
		s.illegal(fmt.Sprintf("a reference is %s and is called %s", backend.TypeOf(ref.Bytes), ref.Type))
	}
	s.References = append(s.References, ref)
}

func readRef(value string) Ref {
	if u, err := url.Parse(value); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return Ref{Kind: "url", URL: value}
	}
	if head, data, ok := strings.Cut(value, ";base64,"); ok && strings.HasPrefix(head, "data:") {
		if b, err := base64.StdEncoding.DecodeString(data); err == nil {
			return Ref{Kind: "data", Bytes: b, Type: strings.TrimPrefix(head, "data:")}
		}
	}
	if b, err := base64.StdEncoding.DecodeString(value); err == nil {
		return Ref{Kind: "base64", Bytes: b}
	}
	return Ref{Kind: "unknown"}
}

func cut(s string, n int) string { return s[:min(len(s), n)] }

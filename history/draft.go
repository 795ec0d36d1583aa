package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"easel/backend"
)

// Draft gives the request that was being written last; the zero value if none.
// What is known of local references must be looked at again (backend.LookAt).
func (s *Store) Draft() (backend.Request, error) {
	var r backend.Request
	data, err := os.ReadFile(s.path(draftName))
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &r)
	}
	if err != nil {
		return backend.Request{}, fmt.Errorf("the draft cannot be read: %w", err)
	}
	return r, nil
}

// SaveDraft keeps the request that is being written. It needs no lock: where
// two studios write, the last one wins.
func (s *Store) SaveDraft(r backend.Request) error {
	data, err := line(r)
	if err == nil {
		err = os.MkdirAll(s.dir, 0o700)
	}
	if err == nil {
		s.drafts.Lock()
		defer s.drafts.Unlock()
		temp := s.path(fmt.Sprintf("%s.%d%s", draftName, os.Getpid(), newSuffix))
		err = replace(s.path(draftName), temp, false, func(f *os.File) error {
			_, err := f.Write(data)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("the draft cannot be written: %w", err)
	}
	return nil
}

package history

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// bring gives a file a second name, in whatever folder, or, where the file
// system cannot (or is another one), makes a copy that is on disk. It never
// replaces anything: if the name is taken, it takes one beside it, and gives it.
// What is no file is refused before it is opened: a named pipe would be waited
// for for ever.
func bring(from, to string) (string, error) {
	switch st, err := os.Lstat(from); {
	case err != nil:
		return "", err
	case !st.Mode().IsRegular():
		return "", notPicture(from)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return "", err
	}
	part := ""
	defer func() {
		if part != "" {
			os.Remove(part)
		}
	}()
	for try := 1; try <= mostNames; try++ {
		name := beside(to, try)
		err := os.Link(from, name)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			if part == "" {
				if part, err = duplicate(from, filepath.Dir(to)); err != nil {
					return "", err
				}
			}
			err = publish(part, name)
		}
		if !errors.Is(err, fs.ErrExist) {
			return name, err
		}
		if same(from, name) { // a crash came between the new name and its line
			return name, nil
		}
	}
	return "", &fs.PathError{Op: "link", Path: to, Err: fs.ErrExist}
}

// mostNames is how many names beside a taken one are tried.
const mostNames = 1000

// beside gives the name itself, then those with a number.
func beside(path string, try int) string {
	if try == 1 {
		return path
	}
	ending := filepath.Ext(path)
	return fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(path, ending), try, ending)
}

// duplicate copies a file into a temporary one in a folder. A file that changes
// meanwhile is not copied.
func duplicate(from, dir string) (part string, err error) {
	in, err := os.Open(from)
	if err != nil {
		return "", err
	}
	defer in.Close()
	before, err := in.Stat()
	if err != nil {
		return "", err
	}
	out, err := os.CreateTemp(dir, ".easel-*.part")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			out.Close()
			os.Remove(out.Name())
		}
	}()
	n, err := io.Copy(out, in)
	if err != nil {
		return "", err
	}
	after, err := in.Stat()
	if err != nil {
		return "", err
	}
	if n != before.Size() || after.Size() != n || !after.ModTime().Equal(before.ModTime()) {
		return "", errors.New("it changes while it is copied")
	}
	if err = out.Chmod(before.Mode().Perm()); err != nil {
		return "", err
	}
	if err = errors.Join(out.Sync(), out.Close()); err != nil {
		return "", err
	}
	return out.Name(), os.Chtimes(out.Name(), before.ModTime(), before.ModTime())
}

// syncNames puts new names on disk, so that no line names what is not there.
func syncNames(list []moved) {
	done := map[string]bool{}
	for _, m := range list {
		dir := filepath.Dir(m.to)
		for range 4 { // the folders may be new, too: a day, the trash
			if !done[dir] {
				done[dir] = true
				syncDir(dir)
			}
			dir = filepath.Dir(dir)
		}
	}
}

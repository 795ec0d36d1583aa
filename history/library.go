package history

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"easel/backend"
	"easel/backend/task"
)

// Check fulfils task.Library: it makes the folder of the task's pictures, and
// writes and removes a small file there.
func (s *Store) Check(t task.Task) error {
	dir := s.folder(t)
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		err = probe(filepath.Join(dir, ".easel-"+t.ID+".probe"))
	}
	if err == nil {
		return nil
	}
	why := backend.Clean(reason(err))
	return &backend.Error{Op: backend.OpSave, Kind: backend.Invalid, Fate: backend.Unsent, Cause: err,
		Word: "check.output", Args: []string{backend.Clean(dir), why},
		Message: fmt.Sprintf("pictures cannot be written to %s: %s; nothing was sent: put that right, or choose another folder (output_dir, --out)", backend.Clean(dir), why)}
}

// reason says a file error without the path.
func reason(err error) string {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err.Error()
	}
	if le, ok := errors.AsType[*os.LinkError](err); ok {
		return le.Err.Error()
	}
	return err.Error()
}

// probe writes and removes a file; a full disk shows with its first block. Where
// the system can, the file never has a name, so that a crash leaves nothing; else
// the name goes before the bytes come.
func probe(path string) error {
	if f, err := nameless(filepath.Dir(path)); err == nil {
		_, err = f.Write(make([]byte, 4096))
		return errors.Join(err, f.Close())
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	held := os.Remove(path)
	_, err = f.Write(make([]byte, 4096))
	err = errors.Join(err, f.Close())
	if held != nil {
		if gone := os.Remove(path); !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}

// Save fulfils task.Library.
func (s *Store) Save(ctx context.Context, t task.Task, index int, write func(io.Writer) error) (task.File, error) {
	dir, name := s.folder(t), stem(t, index)
	part := s.scrap(dir, t, index)
	defer os.Remove(part.path)
	if f, ok := s.existing(dir, name); ok {
		part.clear() // also what a crash left behind the link
		return f, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return task.File{}, unsaved(dir, err)
	}
	os.Remove(part.path)
	file, err := s.receive(ctx, part.path, write)
	if err != nil {
		return task.File{}, err
	}
	file.Path = filepath.Join(dir, name+"."+backend.Extension(file.Format))
	if err := publish(part.path, file.Path); err != nil {
		if f, ok := s.existing(dir, name); ok {
			return f, nil
		}
		return task.File{}, unsaved(file.Path, err)
	}
	part.clear()
	syncDir(dir)
	if file.Vast() {
		s.log.Warn("a picture claims to be very large", "file", file.Path, "width", file.Width, "height", file.Height)
	}
	return file, nil
}

// existing finds a picture of the name that is there already, under any ending.
// One that is there is whole: names come into being when the bytes are on disk.
// What is no picture (an empty file, see claim) is not taken for one.
func (s *Store) existing(dir, name string) (task.File, bool) {
	for _, ending := range endings {
		path := filepath.Join(dir, name+ending)
		if st, err := os.Stat(path); err != nil || !st.Mode().IsRegular() { // before it is opened: a named pipe is waited for
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			continue
		}
		in := newInspector()
		_, err = io.Copy(in, f)
		f.Close()
		if file, bad := in.file(); err == nil && bad == nil {
			file.Path = path
			return file, true
		}
	}
	return task.File{}, false
}

// scrap is the temporary file of a result. Its name is another one for each engine:
// one that was stopped in the middle of a download may go on with it when another has
// taken the task, and neither may get at the other's bytes.
type scrap struct {
	dir, start, path string
	taken            bool
}

func (s *Store) scrap(dir string, t task.Task, index int) scrap {
	p := scrap{dir: dir, start: ".easel-" + t.ID + "-" + fmt.Sprint(index+1), taken: t.Taken}
	own := p.start
	if engine := s.Engine(); engine != "" {
		own += "-" + engine
	}
	p.path = filepath.Join(dir, own+partSuffix)
	return p
}

const partSuffix = ".part"

// clear removes the file, and, as the picture is there, those of engines that had
// the task before: one that goes on finds that its own has no name any more, and
// leaves it at that.
func (p scrap) clear() {
	os.Remove(p.path)
	if !p.taken {
		return
	}
	d, err := os.Open(p.dir)
	if err != nil {
		return
	}
	defer d.Close()
	names, _ := d.Readdirnames(-1)
	for _, name := range names {
		rest, begins := strings.CutPrefix(name, p.start)
		if begins && strings.HasSuffix(rest, partSuffix) && (rest[0] == '-' || rest == partSuffix) {
			os.Remove(filepath.Join(p.dir, name))
		}
	}
}

// receive writes a result into a temporary file, on disk, and says what it is.
// What is no picture, or is cut, is an error that says so, and not final.
func (s *Store) receive(ctx context.Context, part string, write func(io.Writer) error) (task.File, error) {
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return task.File{}, unsaved(part, err)
	}
	defer f.Close()
	w := &diskWriter{ctx: ctx, f: f, in: newInspector()}
	err = write(w)
	if w.err != nil {
		return task.File{}, unsaved(part, w.err) // whatever the writer made of it
	}
	if err != nil {
		return task.File{}, err
	}
	file, err := w.in.file()
	if err == nil {
		err = whole(f, file)
	}
	if err != nil {
		word := "task.not_picture"
		if errors.Is(err, errCut) {
			word = "task.cut"
		}
		return task.File{}, &backend.Error{Op: backend.OpFetch, Kind: backend.Garbled, Cause: err,
			Word: word, Message: "the result cannot be used: " + err.Error()}
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return task.File{}, unsaved(part, err)
	}
	return file, nil
}

// publish gives a finished file its name, without ever replacing another one:
// by a link, or, where the file system has none, by claiming the name with an
// empty file and renaming over that.
func publish(part, path string) error {
	if st, err := os.Lstat(path); err == nil && st.Mode().IsRegular() && st.Size() == 0 {
		os.Remove(path) // a claim of before a crash
	}
	err := os.Link(part, path)
	if err == nil || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) { // the part went: see clear
		return err
	}
	return claim(part, path)
}

// claim is publish without links. What a crash leaves is the whole file or an
// empty one.
func claim(part, path string) error {
	empty, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	empty.Close()
	if err := os.Rename(part, path); err != nil {
		if st, failed := os.Lstat(path); failed == nil && st.Size() == 0 { // nobody else was quicker
			os.Remove(path)
		}
		return err
	}
	return nil
}

// unsaved is the error for a file that cannot be written. The address of the
// result stays, and it is tried again.
func unsaved(path string, err error) error {
	why := backend.Clean(reason(err))
	return &backend.Error{Op: backend.OpSave, Kind: backend.Unavailable, Cause: err,
		Word: "task.unsaved", Args: []string{backend.Clean(path), why},
		Message: fmt.Sprintf("%s cannot be written: %s", backend.Clean(path), why)}
}

// diskWriter writes to a file and keeps the file's own error apart from that of
// the source. A transfer that is not wanted any more ends at the next piece.
type diskWriter struct {
	ctx context.Context
	f   *os.File
	in  *inspector
	err error
}

func (w *diskWriter) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.f.Write(p)
	w.in.Write(p[:n])
	if err != nil {
		w.err = err
	}
	return n, err
}

// inspector sees the bytes of a picture go by, and keeps only the first of them.
type inspector struct {
	head []byte
	sum  hash.Hash
	n    int64
}

func newInspector() *inspector { return &inspector{sum: sha256.New()} }

func (in *inspector) Write(p []byte) (int, error) {
	if room := backend.HeadSize - len(in.head); room > 0 {
		in.head = append(in.head, p[:min(len(p), room)]...)
	}
	in.sum.Write(p)
	in.n += int64(len(p))
	return len(p), nil
}

// file says what went by; the error is backend.ErrNoPicture.
func (in *inspector) file() (task.File, error) {
	p, err := backend.Sniff(in.head)
	return task.File{Width: p.Width, Height: p.Height, Format: p.Type, Bytes: in.n,
		SHA256: hex.EncodeToString(in.sum.Sum(nil))}, err
}

var errCut = errors.New("the picture is cut")

// whole finds a picture that lacks its end, for the types whose bytes say how
// long they are. It reads a few bytes of each part, and judges nothing else: a
// picture that viewers may still show is not thrown away.
func whole(f io.ReaderAt, file task.File) error {
	var b [8]byte
	switch file.Format {
	case "webp": // RIFF, the length of the rest, little endian
		if _, err := f.ReadAt(b[:], 0); err != nil || int64(binary.LittleEndian.Uint32(b[4:]))+8 > file.Bytes {
			return errCut
		}
	case "png": // chunks of length, type, data, checksum, big endian
		for at := int64(8); at < file.Bytes && string(b[4:]) != "IEND"; {
			if _, err := f.ReadAt(b[:], at); err != nil {
				return errCut
			}
			if at += int64(binary.BigEndian.Uint32(b[:4])) + 12; at > file.Bytes {
				return errCut
			}
		}
	}
	return nil
}

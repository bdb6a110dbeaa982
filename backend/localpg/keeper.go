package localpg

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"

	"desktop.tusk/backend/apperr"
)

// keeperVerb is the hidden argument that makes this program a keeper.
const keeperVerb = "localpg-keeper"

// firstUser is how long a keeper waits for the one who started it.
const firstUser = 10 * time.Second

// keeperConfig is what whoever starts a keeper writes to its standard input.
type keeperConfig struct {
	Binaries Binaries          `json:"binaries"`
	TCP      bool              `json:"tcp"`
	Config   map[string]string `json:"config"`
}

// KeeperMain makes this process a keeper, and does not return, when it was started to be one. Every program that calls
// Open calls it first thing in main; a test binary in TestMain.
func KeeperMain() {
	if len(os.Args) != 3 || os.Args[1] != keeperVerb {
		return
	}
	if err := keep(os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "tusk keeper:", err) // standard error is the server's log
		os.Exit(1)
	}
	os.Exit(0)
}

// keeper is the parent of the server; it lives while the server has users.
type keeper struct {
	places  places
	config  keeperConfig
	cluster *Cluster
	began   time.Time

	started  chan struct{} // closed when the start is decided
	startErr *apperr.Error // why it failed; read after started

	mu     sync.Mutex // guards what follows
	users  int
	pinned bool
	stage  string
	news   chan struct{} // closed and replaced when stage changes

	quit     chan struct{} // closed when the server is to stop
	quitOnce sync.Once
	stopped  chan struct{} // closed when it has
}

// keep runs a keeper to its end. The starter reads one line from standard output: nothing, or the error as JSON.
func keep(dir string) error {
	k := &keeper{
		started: make(chan struct{}), news: make(chan struct{}), quit: make(chan struct{}), stopped: make(chan struct{}),
		began: time.Now(),
	}
	listener, lock, err := k.open(dir)
	if err != nil {
		fmt.Println(apperr.JSON(err))
		return err
	}
	defer func() { _ = lock.Close() }()
	fmt.Println()
	_ = os.Stdout.Close()

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		k.end()
	}()
	time.AfterFunc(firstUser, func() { k.leave(0) })

	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		k.run(ctx)
	}()
	var talks sync.WaitGroup
	deaf := make(chan struct{})
	go func() {
		defer close(deaf)
		k.accept(listener, &talks)
	}()

	<-k.quit
	_ = listener.Close() // takes the socket's file along: whoever comes now starts another keeper, which waits for our lock
	<-deaf
	cancel()
	<-ran
	err = k.cluster.Stop()
	close(k.stopped)
	talks.Wait()
	return err
}

// open gets everything ready to listen.
func (k *keeper) open(dir string) (net.Listener, io.Closer, error) {
	if err := json.NewDecoder(bufio.NewReader(os.Stdin)).Decode(&k.config); err != nil {
		return nil, nil, fmt.Errorf("read what to keep: %w", err)
	}
	var err error
	if k.places, err = placesIn(dir); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	lock, err := waitLock(ctx, k.places.keeping) // the one before us may still be stopping its server
	if err != nil {
		return nil, nil, err
	}
	fail := func(err error) (net.Listener, io.Closer, error) { return nil, nil, errors.Join(err, lock.Close()) }
	if err := os.Remove(k.places.control); err != nil && !errors.Is(err, os.ErrNotExist) { // of one that was killed
		return fail(storage("The sample's control socket cannot be made.", k.places.control, err))
	}
	l, err := net.Listen("unix", k.places.control)
	if err != nil {
		return fail(storage("The sample's control socket cannot be made.", k.places.control, err))
	}
	if err := os.Chmod(k.places.control, 0o600); err != nil {
		_ = l.Close()
		return fail(storage("The sample's control socket cannot be made.", k.places.control, err))
	}
	password, err := k.places.secret()
	if err != nil {
		_ = l.Close()
		return fail(err)
	}
	port, err := k.places.choosePort(k.config.TCP)
	if err != nil {
		_ = l.Close()
		return fail(err)
	}
	config := map[string]string{"cluster_name": "tusk-sample", "log_checkpoints": "off"}
	maps.Copy(config, k.config.Config)
	k.cluster, err = NewCluster(ClusterOptions{
		Binaries: k.config.Binaries, Data: k.places.data(k.config.Binaries.Major), Run: k.places.run, Log: k.places.log,
		Port: port, TCP: k.config.TCP, Password: password, Config: config,
	})
	if err != nil {
		_ = l.Close()
		return fail(err)
	}
	return l, lock, nil
}

// run starts the server and starts it again when it is killed, until ctx ends.
func (k *keeper) run(ctx context.Context) {
	err := k.start(ctx)
	if err != nil {
		k.startErr = apperr.From(err)
	}
	close(k.started)
	if err != nil {
		return // the users are told and go; the last one ends the keeper
	}
	var restarts []time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.cluster.Ended():
		}
		restarts = append(restarts, time.Now())
		if n := len(restarts); n > 5 && time.Since(restarts[n-5]) < time.Minute {
			fmt.Fprintln(os.Stderr, "tusk keeper: the server keeps ending; given up")
			k.end()
			return
		}
		if err := k.cluster.Start(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "tusk keeper: start the server again:", err)
			k.end()
			return
		}
	}
}

func (k *keeper) start(ctx context.Context) error {
	b, err := Bring(ctx, k.config.Binaries, k.places.dir)
	if err != nil {
		return err
	}
	k.cluster.opts.Binaries = b
	if _, err := os.Stat(k.places.data(b.Major)); err != nil {
		k.say(fmt.Sprintf("Making a private PostgreSQL %d", b.Major))
	}
	if err := k.cluster.Init(ctx); err != nil {
		return err
	}
	k.say("Starting PostgreSQL " + b.Version)
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second) // recovery after a crash included
	defer cancel()
	return k.cluster.Start(ctx)
}

func (k *keeper) say(stage string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stage = stage
	close(k.news)
	k.news = make(chan struct{})
}

func (k *keeper) end() { k.quitOnce.Do(func() { close(k.quit) }) }

func (k *keeper) status() *Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	return &Status{
		Running: true, Users: k.users, Pinned: k.pinned, Version: k.config.Binaries.Version, PID: k.cluster.PID(),
		Keeper: os.Getpid(), Started: k.began, TCP: k.tcp(), Log: k.places.log,
	}
}

func (k *keeper) tcp() bool { return k.config.TCP || runtime.GOOS == "windows" }

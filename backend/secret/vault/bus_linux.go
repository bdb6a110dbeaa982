package vault

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"desktop.tusk/backend/internal/busguard"
	"github.com/99designs/keyring"
	"github.com/godbus/dbus/v5"
)

// place says where in the store secrets are: a collection of a Secret Service, or KWallet.
type place struct {
	collection dbus.ObjectPath
	wallet     bool
}

const (
	service  = "org.freedesktop.secrets"
	root     = dbus.ObjectPath("/org/freedesktop/secrets")
	iface    = "org.freedesktop.Secret."
	wallet   = "org.kde.kwalletd5"
	noPrompt = dbus.ObjectPath("/")
)

var escaped = regexp.MustCompile(`_[0-9a-f]{2}`)

// config names the collection that is the person's default. Without it the library would make one of its own, and ask
// for a new password.
func (p place) config() keyring.Config {
	if p.wallet {
		return keyring.Config{ServiceName: "kdewallet", AllowedBackends: []keyring.BackendType{keyring.KWalletBackend}, KWalletAppID: "Tusk", KWalletFolder: "Tusk"}
	}
	name := strings.TrimPrefix(string(p.collection), string(root)+"/collection/")
	name = escaped.ReplaceAllStringFunc(name, func(s string) string {
		n, _ := strconv.ParseUint(s[1:], 16, 8) // matched
		return string([]byte{byte(n)})
	})
	return keyring.Config{ServiceName: "Tusk", AllowedBackends: []keyring.BackendType{keyring.SecretServiceBackend}, LibSecretCollectionName: name}
}

// look asks the Secret Service for its default collection and whether that is locked, on a link of its own, and else
// whether there is a KWallet.
func look(ctx context.Context) (State, place) {
	switch busguard.Found() {
	case busguard.None:
		return unavailable("There is no session bus, which programs reach the keyring by.", "Start Tusk from a desktop session. Until then type the password: it is kept until Tusk is closed."), place{}
	case busguard.Dead:
		return State{Kind: Unresponsive, Reason: "The session bus, which programs reach the keyring by, did not answer when Tusk started.",
			Remedy: "Log out and in, then start Tusk again. Until then type the password: it is kept until Tusk is closed."}, place{}
	}
	bus, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	switch {
	case ctx.Err() != nil:
		return hangs(), place{}
	case err != nil:
		return unavailable("The session bus, which programs reach the keyring by, is gone.", "Log out and in, then start Tusk again."), place{}
	}
	defer func() { _ = bus.Close() }()
	var collection dbus.ObjectPath
	err = bus.Object(service, root).CallWithContext(ctx, iface+"Service.ReadAlias", 0, "default").Store(&collection)
	switch {
	case ctx.Err() != nil:
		return hangs(), place{}
	case err != nil:
		return lookForWallet(ctx, bus, err)
	case collection == noPrompt:
		return unavailable("The keyring has no default collection to keep passwords in.", "Make one in the keyring's own program, such as Passwords and Keys, and set it as default."), place{}
	}
	shut, err := isLocked(ctx, bus, collection)
	switch {
	case ctx.Err() != nil:
		return hangs(), place{}
	case err != nil:
		return unavailable("The keyring cannot be read: "+err.Error()+".", "Start it again, or log out and in."), place{}
	case shut:
		return locked("It asks for its password when it is needed."), place{collection: collection}
	}
	return State{Kind: Available}, place{collection: collection}
}

func isLocked(ctx context.Context, bus *dbus.Conn, collection dbus.ObjectPath) (locked bool, err error) {
	var value dbus.Variant
	err = bus.Object(service, collection).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, iface+"Collection", "Locked").Store(&value)
	if err != nil {
		return false, err
	}
	return locked, value.Store(&locked)
}

// lookForWallet is for a session without a Secret Service; why is what the bus said about that.
func lookForWallet(ctx context.Context, bus *dbus.Conn, why error) (State, place) {
	for _, list := range []string{"ListNames", "ListActivatableNames"} {
		var names []string
		if bus.BusObject().CallWithContext(ctx, "org.freedesktop.DBus."+list, 0).Store(&names) != nil {
			continue
		}
		for _, name := range names {
			if name == wallet {
				return State{Kind: Available}, place{wallet: true}
			}
		}
	}
	reason := "No keyring is running in this session."
	var said dbus.Error
	if errors.As(why, &said) && said.Name != "org.freedesktop.DBus.Error.ServiceUnknown" {
		reason = fmt.Sprintf("The keyring does not start (%s).", said.Name)
	}
	return unavailable(reason, "Install and start GNOME Keyring, KWallet, or KeePassXC with its Secret Service turned on. Until then type the password: it is kept until Tusk is closed."), place{}
}

var errDismissed = errors.New("its question was dismissed, or could not be shown")

// unlock has the service ask the person for the keyring's password. The question is taken back when ctx ends first.
func unlock(ctx context.Context, p place) error {
	bus, err := dbus.ConnectSessionBus(dbus.WithContext(context.WithoutCancel(ctx)))
	if err != nil {
		return err
	}
	defer func() { _ = bus.Close() }()
	var opened []dbus.ObjectPath
	var prompt dbus.ObjectPath
	if err := bus.Object(service, root).CallWithContext(ctx, iface+"Service.Unlock", 0, []dbus.ObjectPath{p.collection}).Store(&opened, &prompt); err != nil {
		return err
	}
	if prompt == noPrompt {
		return nil
	}
	if err := bus.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(prompt), dbus.WithMatchInterface(iface+"Prompt")); err != nil {
		return err
	}
	answers := make(chan *dbus.Signal, 8)
	bus.Signal(answers)
	if err := bus.Object(service, prompt).CallWithContext(ctx, iface+"Prompt.Prompt", 0, "").Err; err != nil {
		return err
	}
	for {
		select {
		case a := <-answers:
			switch {
			case a == nil:
				return errors.New("the session bus is gone")
			case a.Path != prompt || a.Name != iface+"Prompt.Completed" || len(a.Body) == 0:
				continue
			case a.Body[0] == true:
				return errDismissed
			}
			return nil
		case <-ctx.Done():
			soon, stop := context.WithTimeout(context.WithoutCancel(ctx), probeLimit)
			defer stop()
			_ = bus.Object(service, prompt).CallWithContext(soon, iface+"Prompt.Dismiss", 0).Err // it may be gone already
			return ctx.Err()
		}
	}
}

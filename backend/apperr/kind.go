package apperr

// Kind names what went wrong. The set is closed: a new one needs a row in kinds and one in the frontend's errors.ts.
type Kind string

// The vocabulary. The comment says when a kind is made.
const (
	Config       Kind = "config"        // a connection setting is wrong or contradicts another
	Usage        Kind = "usage"         // the command line or a request makes no sense
	DNS          Kind = "dns"           // the host's name has no address
	Refused      Kind = "refused"       // nothing listens there
	Unreachable  Kind = "unreachable"   // no route to the host
	Timeout      Kind = "timeout"       // a limit of Tusk's ran out before the server answered
	NotPostgres  Kind = "not_postgres"  // something answered that does not speak PostgreSQL's protocol
	TLSRefused   Kind = "tls_refused"   // the server has no TLS and the settings ask for it
	TLSUntrusted Kind = "tls_untrusted" // nobody we trust signed the certificate
	TLSHostname  Kind = "tls_hostname"  // the certificate is for another name
	TLSExpired   Kind = "tls_expired"   // the certificate is out of date, or not valid yet
	TLSFailed    Kind = "tls_failed"    // any other failed handshake
	AuthFailed   Kind = "auth_failed"   // the server refused the password
	AuthMethod   Kind = "auth_method"   // the way of proving identity cannot be used
	AuthRule     Kind = "auth_rule"     // pg_hba.conf or a role attribute forbids it
	RoleMissing  Kind = "role_missing"  // there is no such role
	DBMissing    Kind = "db_missing"    // there is no such database
	Permission   Kind = "permission"    // the role may not do this
	TooMany      Kind = "too_many"      // the server has no connection left for us
	Starting     Kind = "starting"      // the server is starting or recovering
	Shutdown     Kind = "shutdown"      // the server is going down
	Lost         Kind = "lost"          // the link to the server broke
	Busy         Kind = "busy"          // the session is running something else
	Limit        Kind = "limit"         // a limit of Tusk's own is reached
	Cancelled    Kind = "cancelled"     // stopped by the person, or by somebody else
	StmtTimeout  Kind = "stmt_timeout"  // statement_timeout ended it
	LockTimeout  Kind = "lock_timeout"  // lock_timeout, or NOWAIT, ended it
	Serialize    Kind = "serialization" // the transaction has to be tried again
	Deadlock     Kind = "deadlock"      // two transactions waited for each other
	ReadOnly     Kind = "readonly"      // a write in a read-only transaction or on a standby
	Constraint   Kind = "constraint"    // the data breaks a rule of a table
	Data         Kind = "data"          // a value cannot be read or computed
	Syntax       Kind = "syntax"        // the text is no SQL
	Missing      Kind = "missing"       // a name in the statement is unknown
	TxFailed     Kind = "tx_failed"     // an earlier error ended the transaction
	TxState      Kind = "tx_state"      // not allowed inside, or outside, a transaction
	Unsupported  Kind = "unsupported"   // the server has no such feature
	ResServer    Kind = "resource_server"
	ResClient    Kind = "resource_client"
	File         Kind = "file"         // a file of the person's cannot be read or written
	FileMissing  Kind = "file_missing" // the folder of a file is not there
	FileDenied   Kind = "file_denied"  // the system forbids writing there
	FileFull     Kind = "file_full"    // no room is left for a file
	FileExists   Kind = "file_exists"  // there is a file of that name, and nobody said to replace it
	Storage      Kind = "storage"      // Tusk's own directory cannot be used
	Secret       Kind = "secret"       // the system's credential store cannot be used
	NoServer     Kind = "no_server"    // there is no PostgreSQL to run the sample database with
	Protocol     Kind = "protocol"     // the server broke its own protocol
	Query        Kind = "query"        // any other error of the server
	Internal     Kind = "internal"     // a mistake in Tusk
)

// Group is what the window and the exit code go by.
type Group string

// The groups, from what the person did to what Tusk did.
const (
	GroupInvalid    Group = "invalid"
	GroupBusy       Group = "busy"
	GroupConnection Group = "connection"
	GroupTLS        Group = "tls"
	GroupAuth       Group = "auth"
	GroupQuery      Group = "query"
	GroupCancelled  Group = "cancelled"
	GroupLimit      Group = "limit"
	GroupStorage    Group = "storage"
	GroupFile       Group = "file"
	GroupInternal   Group = "internal"
)

type row struct {
	group     Group
	title     string
	hint      string
	retryable bool
}

// kinds has one row for each Kind; Title and Hint of an Error default to it.
var kinds = map[Kind]row{
	Config:       {GroupInvalid, "A connection setting cannot be used.", "Correct the setting that is named and try again.", false},
	Usage:        {GroupInvalid, "That cannot be done this way.", "See tusk --help.", false},
	DNS:          {GroupConnection, "The name of the host is not known.", "Check the spelling of the host. If it is an internal name, check that the VPN is up.", true},
	Refused:      {GroupConnection, "Nothing answers there.", "Is the server running, and is this the port? A server that should be reached over the network needs listen_addresses set.", true},
	Unreachable:  {GroupConnection, "There is no way to that host from here.", "Check the network, the VPN and the firewall.", true},
	Timeout:      {GroupConnection, "No answer in time.", "A firewall that drops packets looks like this. Check the address, the VPN and the firewall, then try again.", true},
	NotPostgres:  {GroupConnection, "What answers there is not PostgreSQL.", "Check the port: PostgreSQL's own is 5432.", false},
	TLSRefused:   {GroupTLS, "The server does not offer encryption.", "Choose TLS mode “prefer” or “disable” if the network between is trusted, or turn TLS on at the server.", false},
	TLSUntrusted: {GroupTLS, "The server's certificate is signed by nobody this computer trusts.", "Choose the CA certificate that signed it. TLS mode “require” encrypts without checking who answers.", false},
	TLSHostname:  {GroupTLS, "The certificate is for another name.", "Use the name in the certificate as the host, or ask whoever runs the server to add yours.", false},
	TLSExpired:   {GroupTLS, "The server's certificate is not valid now.", "Check this computer's clock; if it is right, the server needs a new certificate.", false},
	TLSFailed:    {GroupTLS, "No encrypted connection could be agreed on.", "The server may be too old for this computer's TLS. Details name the reason.", false},
	AuthFailed:   {GroupAuth, "The server refused the password.", "Type the password again. A role without a password, or with an expired one, is refused in the same words.", false},
	AuthMethod:   {GroupAuth, "The server asks for a way of signing in that cannot be used here.", "Ask whoever runs the server which method pg_hba.conf sets for you.", false},
	AuthRule:     {GroupAuth, "The server does not let this role in from here.", "Ask whoever runs the server for a line in pg_hba.conf, or use another role or database.", false},
	RoleMissing:  {GroupAuth, "There is no such role on the server.", "Check the role's name; it is case-sensitive.", false},
	DBMissing:    {GroupConnection, "There is no such database on the server.", "Check the name; it is case-sensitive. Connecting to the database postgres shows which ones there are.", false},
	Permission:   {GroupQuery, "The role may not do this.", "Ask the owner of the object to grant the privilege, or use another role.", false},
	TooMany:      {GroupConnection, "The server has no connection left.", "Close connections that are not needed, here or in other programs, and try again.", true},
	Starting:     {GroupConnection, "The server is still starting.", "Wait a moment and try again.", true},
	Shutdown:     {GroupConnection, "The server is shutting down.", "Connect again when it is back. Nothing is run again by itself.", true},
	Lost:         {GroupConnection, "The link to the server was lost.", "Run it again when the server can be reached. Nothing is run again by itself.", true},
	Busy:         {GroupBusy, "This tab is still running something.", "Wait for it or cancel it; another tab has a session of its own.", true},
	Limit:        {GroupLimit, "A limit of this connection is reached.", "Close a tab that is not needed, or raise the limit.", true},
	Cancelled:    {GroupCancelled, "Stopped.", "Run it again when you like; the session goes on.", true},
	StmtTimeout:  {GroupCancelled, "The server stopped it: it ran longer than statement_timeout allows.", "Run it again with a longer limit: set statement_timeout = '10min'. Nothing in Tusk sets one.", true},
	LockTimeout:  {GroupCancelled, "A lock could not be had in time.", "Somebody else holds it. Try again when they are done, or set lock_timeout higher.", true},
	Serialize:    {GroupQuery, "Another transaction got there first.", "Roll back and run the whole transaction again.", true},
	Deadlock:     {GroupQuery, "Two transactions waited for each other, and this one was ended.", "Roll back and run the whole transaction again.", true},
	ReadOnly:     {GroupQuery, "Nothing can be written here.", "The transaction or the server is read-only. Connect to the primary, or start a transaction with read write.", false},
	Constraint:   {GroupQuery, "The data breaks a rule of the table.", "Change the data, or the rule that is named.", false},
	Data:         {GroupQuery, "A value cannot be used.", "Look at the value the message names; a cast or another format may help.", false},
	Syntax:       {GroupQuery, "The server cannot read this statement.", "Look at and just before the marked place.", false},
	Missing:      {GroupQuery, "A name is not known.", "Check the spelling and the search_path. A name with capitals needs double quotes.", false},
	TxFailed:     {GroupQuery, "The transaction has failed already.", "Roll back, then go on. Until then the server refuses every statement.", false},
	TxState:      {GroupQuery, "That is not possible in this state of the transaction.", "Some statements have to run alone, outside a transaction.", false},
	Unsupported:  {GroupQuery, "The server cannot do this.", "Another way of writing it, or a newer server, may be needed.", false},
	ResServer:    {GroupQuery, "The server ran out of something.", "The message names what. Ask whoever runs the server.", true},
	ResClient:    {GroupLimit, "This computer ran out of something.", "Close other programs or tabs and try again.", true},
	File:         {GroupFile, "A file cannot be used.", "Check the path and its permissions.", false},
	FileMissing:  {GroupFile, "The folder does not exist.", "Choose another folder, or make this one first.", true},
	FileDenied:   {GroupFile, "Nothing may be written there.", "Choose another folder, or change its permissions.", true},
	FileFull:     {GroupFile, "The disk is full.", "Free some space or choose another disk. A file that was there before is unchanged.", true},
	FileExists:   {GroupFile, "There is a file of that name already.", "Choose another name, or say that it is to be replaced.", false},
	Storage:      {GroupStorage, "Tusk's own directory cannot be used.", "Choose another with --data-dir or TUSK_DATA_DIR.", true},
	Secret:       {GroupStorage, "The keyring cannot be used.", "Type the password: it is kept until Tusk is closed.", true},
	NoServer:     {GroupStorage, "There is no PostgreSQL on this computer to run the sample database with.", "Install PostgreSQL, or use a build of Tusk that brings its own.", false},
	Protocol:     {GroupConnection, "The server said something that PostgreSQL would not say.", "Is there a proxy in between? The connection was closed to be safe.", true},
	Query:        {GroupQuery, "The server reports an error.", "The server's own words say what it is.", false},
	Internal:     {GroupInternal, "Something went wrong in Tusk.", "It is in the log. The text in your tabs is kept; trying again may help.", false},
}

// Group tells which group the kind belongs to.
func (k Kind) Group() Group { return kinds[k].group }

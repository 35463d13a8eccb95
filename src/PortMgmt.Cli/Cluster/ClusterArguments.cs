using System.CommandLine;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Cluster;

namespace PortMgmt.Cli.Cluster;

/// <summary>The options by which a verb finds its cluster. No password is among them: every user of the machine may read a command line.</summary>
internal sealed class ClusterArguments
{
    private readonly Option<string> _broker = Make("--broker", "URL,…", $"The broker, as amqp://host:5672/vhost, or amqps:// for TLS; {BrokerAddress.UrlVariable} unless said. Several of the same broker's nodes, separated by commas: where one is lost, the next is tried. User and password: {BrokerAddress.UserVariable} and {BrokerAddress.PasswordVariable}, or --user, or in the URL.");
    private readonly Option<string> _user = Make("--user", "NAME", "The user that logs in, with --password-file or --ask-password.");
    private readonly Option<string> _passwordFile = Make("--password-file", "FILE", "A file whose first line is the password.");
    private readonly Option<bool> _askPassword = new("--ask-password") { Description = "Ask for the password on the terminal." };
    private readonly Option<string> _cluster = Make("--cluster", "ID", $"Which cluster on the broker; '{ClusterOptions.DefaultClusterId}' unless said. Letters, digits and . _ : -, and behind a dot none of {string.Join(", ", ClusterName.QueueKinds)}.");
    private readonly Option<string> _node = Make("--node", "ID", "This node's name; the machine's unless said.");
    private readonly Option<string> _caCertificate = Make("--ca-cert", "FILE", "Certificates (PEM) that vouch for the broker, instead of the system's.");
    private readonly Option<string> _clientCertificate = Make("--client-cert", "FILE", "The certificate by which the broker knows this client: PEM, or PFX with its key.");
    private readonly Option<string> _clientKey = Make("--client-key", "FILE", "The key of --client-cert (PEM), where it is in another file.");
    private readonly Option<string> _clientKeyPassword = Make("--client-key-password-file", "FILE", "A file whose first line is the password of that key or PFX file.");

    /// <summary>Gives a verb these options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_broker);
        command.Options.Add(_user);
        command.Options.Add(_passwordFile);
        command.Options.Add(_askPassword);
        command.Options.Add(_cluster);
        command.Options.Add(_node);
        command.Options.Add(_caCertificate);
        command.Options.Add(_clientCertificate);
        command.Options.Add(_clientKey);
        command.Options.Add(_clientKeyPassword);
    }

    /// <summary>Reads them.</summary>
    public ClusterOptions Read(ParseResult parsed)
    {
        IReadOnlyList<BrokerAddress> brokers = ReadBrokers(parsed);
        var options = new ClusterOptions
        {
            Broker = brokers[0],
            OtherBrokers = [.. brokers.Skip(1)],
            OnNotice = ErrorLine.Report,
            CaCertificate = parsed.GetText(_caCertificate),
            ClientCertificate = parsed.GetText(_clientCertificate),
            ClientKey = parsed.GetText(_clientKey),
            ClientKeyPassword = parsed.GetText(_clientKeyPassword) is { } file ? PasswordSource.ReadFile("--client-key-password-file", file) : null,
        };
        options = options with
        {
            ClusterId = parsed.GetText(_cluster) ?? options.ClusterId,
            NodeId = parsed.GetText(_node) ?? options.NodeId,
        };
        options.Validate();
        return options;
    }

    private IReadOnlyList<BrokerAddress> ReadBrokers(ParseResult parsed)
    {
        string? file = parsed.GetText(_passwordFile);
        bool asks = parsed.GetValue(_askPassword);
        if (file is not null && asks)
        {
            throw new UsageException("The password comes from --password-file or from --ask-password: give one of them.");
        }

        string? user = parsed.GetText(_user);
        if (user is null)
        {
            return file is null && !asks
                ? BrokerAddress.ParseAll(parsed.GetText(_broker))
                : throw new UsageException($"Whose password? Give --user NAME with {(asks ? "--ask-password" : "--password-file")}.");
        }

        string? password = file is not null ? PasswordSource.ReadFile("--password-file", file)
            : asks ? PasswordSource.Ask(user)
            : Environment.GetEnvironmentVariable(BrokerAddress.PasswordVariable);
        return BrokerAddress.ParseAll(
            parsed.GetText(_broker), user,
            password ?? throw new UsageException($"There is no password for --user {user}: give --password-file FILE or --ask-password, or set {BrokerAddress.PasswordVariable}."));
    }

    private static Option<string> Make(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description };
}

using System.CommandLine;
using PortMgmt.Cli.Parsing;
using PortMgmt.Cluster;

namespace PortMgmt.Cli.Cluster;

/// <summary>The options by which a verb finds its cluster. A password is better in the environment than here, where every user of the machine may read it.</summary>
internal sealed class ClusterArguments
{
    private readonly Option<string> _broker = Make("--broker", "URL", $"The broker, as amqp://host:5672/vhost, or amqps:// for TLS; {BrokerAddress.UrlVariable} unless said. User and password: {BrokerAddress.UserVariable} and {BrokerAddress.PasswordVariable}, or in the URL.");
    private readonly Option<string> _cluster = Make("--cluster", "ID", $"Which cluster on the broker; '{ClusterOptions.DefaultClusterId}' unless said.");
    private readonly Option<string> _node = Make("--node", "ID", "This node's name; the machine's unless said.");
    private readonly Option<string> _caCertificate = Make("--ca-cert", "FILE", "Certificates (PEM) that vouch for the broker, instead of the system's.");

    /// <summary>Gives a verb these options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_broker);
        command.Options.Add(_cluster);
        command.Options.Add(_node);
        command.Options.Add(_caCertificate);
    }

    /// <summary>Reads them.</summary>
    public ClusterOptions Read(ParseResult parsed)
    {
        var options = new ClusterOptions { Broker = BrokerAddress.Parse(parsed.GetText(_broker)), CaCertificate = parsed.GetText(_caCertificate) };
        options = options with
        {
            ClusterId = parsed.GetText(_cluster) ?? options.ClusterId,
            NodeId = parsed.GetText(_node) ?? options.NodeId,
        };
        options.Validate();
        return options;
    }

    private static Option<string> Make(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description };
}

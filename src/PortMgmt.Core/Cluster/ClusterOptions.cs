using PortMgmt.Operations;
using PortMgmt.Operations.Errors;

namespace PortMgmt.Cluster;

/// <summary>How a node reaches its cluster.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The id of the cluster that is meant when none is named.</summary>
    public const string DefaultClusterId = "default";

    /// <summary>The broker, or the node of it that is tried first.</summary>
    public required BrokerAddress Broker { get; init; }

    /// <summary>Other nodes of the same broker: when one is lost, the next is tried, and after the last the first.</summary>
    public IReadOnlyList<BrokerAddress> OtherBrokers { get; init; } = [];

    /// <summary>All addresses, in the order in which they are tried.</summary>
    public IReadOnlyList<BrokerAddress> Brokers => [Broker, .. OtherBrokers];

    /// <summary>Which cluster on that broker: nodes of different clusters do not see each other. A <see cref="ClusterName"/> without a queue's kind behind a dot.</summary>
    public string ClusterId { get; init; } = DefaultClusterId;

    /// <summary>The name of this node, in results and to others. A <see cref="ClusterName"/>; the machine's name unless set.</summary>
    public string NodeId { get; init; } = Environment.MachineName;

    /// <summary>A file of certificates (PEM) that vouch for the broker, instead of those that the system trusts; null for the system's.</summary>
    public string? CaCertificate { get; init; }

    /// <summary>A file with the certificate by which the broker knows this client (PEM, or PFX with its key); null for none.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>A file with the key of that certificate (PEM); null where it is in the certificate's file.</summary>
    public string? ClientKey { get; init; }

    /// <summary>The password of that key or PFX file; null for none.</summary>
    public string? ClientKeyPassword { get; init; }

    /// <summary>How long one attempt to connect may take, 100 ms to 5 minutes; 10 s unless set.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a broker that was reached, and does not serve yet, is tried at the first connection, 0 to 1 hour; 2 minutes unless set.</summary>
    public TimeSpan StartFor { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a lost connection is tried to be made again before that is an error, 0 to 1 day; 5 minutes unless set.</summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Told of what whoever only asks the broker something should know: that it does not answer yet. Batches and workers have their own.</summary>
    public Action<string>? OnNotice { get; init; }

    /// <summary>The clock; the system's unless a test has its own.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Checks every option.</summary>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>.</exception>
    public void Validate()
    {
        ClusterName.RequireCluster(nameof(ClusterId), ClusterId);
        ClusterName.Require(nameof(NodeId), NodeId);
        if (ClientCertificate is null && (ClientKey ?? ClientKeyPassword) is not null)
        {
            throw new OperationException(OperationErrorCode.InvalidOption, "There is a key, or a password of one, and no client's certificate: name its file too.")
            {
                Option = nameof(ClientCertificate),
            };
        }

        OptionCheck.InRange(nameof(ConnectTimeout), ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        OptionCheck.InRange(nameof(StartFor), StartFor, TimeSpan.Zero, TimeSpan.FromHours(1));
        OptionCheck.InRange(nameof(ReconnectFor), ReconnectFor, TimeSpan.Zero, TimeSpan.FromDays(1));
    }
}

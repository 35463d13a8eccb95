using System.Management.Automation;
using System.Net;
using System.Security;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Makes a daemon: a named scheduler of this process that keeps its limit, its cache and its figures between batches.</summary>
[Cmdlet(VerbsCommon.New, "Daemon", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(Daemon))]
public sealed class NewDaemonCommand : DaemonSettingsCmdlet
{
    /// <summary>A name that is unique in the process, 1 to 128 characters.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The node's id in reports; the machine's name if left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string NodeId { get; set; } = Environment.MachineName;

    /// <summary>
    /// The broker of a cluster, as amqp://host:5672/vhost, or amqps:// for TLS: the daemon can then send operations to other nodes and run
    /// theirs. Several are nodes of the same broker: where one is lost, the next is tried. User and password come from -Credential, the URL,
    /// or PORTMGMT_BROKER_USER and PORTMGMT_BROKER_PASSWORD.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Broker { get; set; }

    /// <summary>User and password for the broker.</summary>
    [Parameter]
    [ValidateNotNull]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>A PEM file of certificates that vouch for the broker, instead of those that the system trusts.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CaCertificate { get; set; }

    /// <summary>The certificate by which the broker knows this node: a PEM file, or a PFX file with its key.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ClientCertificate { get; set; }

    /// <summary>The key of -ClientCertificate, a PEM file, where it is in another file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ClientKey { get; set; }

    /// <summary>The password of that key or PFX file.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? ClientKeyPassword { get; set; }

    /// <summary>
    /// The id of the cluster that the node belongs to: 1 to 64 letters, digits and <c>._:-</c>, of which no part behind a dot begins names of
    /// queues (work, suspect, exhausted, dead, seal, owner, batch).
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ClusterId { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Guard(Make, Name);

    private void Make()
    {
        if (!ShouldProcess(Name, "Make daemon"))
        {
            return;
        }

        ClusterOptions? cluster = FindCluster();
        try
        {
            var options = new OperationSchedulerOptions
            {
                Name = Name,
                NodeId = NodeId,
                ClusterId = cluster?.ClusterId ?? ClusterId,
                Settings = Given.ApplyTo(new OperationSettings()),
            };
            Daemon daemon = DaemonTable.Shared.Add(options, cluster);
            daemon.FailOn = FailOn ?? daemon.FailOn;
            WriteObject(daemon);
        }
        catch (OperationException failure) when (failure.Code == OperationErrorCode.DaemonExists)
        {
            Report(failure, Name);
        }
    }

    // A broker that cannot be used is found out now, and not in the middle of the first batch.
    private ClusterOptions? FindCluster()
    {
        if (Broker is null)
        {
            return ((object?)Credential ?? CaCertificate ?? ClientCertificate ?? ClientKey ?? (object?)ClientKeyPassword) is null ? null : throw new OperationException(
                OperationErrorCode.InvalidOption, "-Credential, -CaCertificate and -ClientCertificate are for a broker: name it by -Broker.")
            {
                Option = nameof(Broker),
            };
        }

        IReadOnlyList<BrokerAddress> brokers = BrokerAddress.ParseAll(
            string.Join(',', Broker), Credential?.UserName, Credential?.GetNetworkCredential().Password);
        var cluster = new ClusterOptions
        {
            Broker = brokers[0],
            OtherBrokers = [.. brokers.Skip(1)],
            ClusterId = ClusterId ?? ClusterOptions.DefaultClusterId,
            NodeId = NodeId,
            CaCertificate = PathOf(CaCertificate, nameof(CaCertificate)),
            ClientCertificate = PathOf(ClientCertificate, nameof(ClientCertificate)),
            ClientKey = PathOf(ClientKey, nameof(ClientKey)),
            ClientKeyPassword = ClientKeyPassword is null ? null : new NetworkCredential("", ClientKeyPassword).Password,
        };
        WriteVerbose("Connecting to " + string.Join(", ", cluster.Brokers) + ".");
        DaemonTable.Shared.Transport.VerifyAsync(cluster, StopToken).GetAwaiter().GetResult();
        return cluster;
    }

    private string? PathOf(string? path, string option) => path is null ? null : FileOf(path, option);
}

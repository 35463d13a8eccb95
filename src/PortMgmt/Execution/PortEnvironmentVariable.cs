using PortMgmt.Leases;
using PortMgmt.Ports;

namespace PortMgmt.PowerShell.Execution;

/// <summary>
/// A variable of a project and the leased port that it is to have. It has what a lease is found by as properties of its own, so that a file
/// or a table keeps all of it, and Get-, Update- and Remove-PortLease take it from the pipeline.
/// </summary>
public sealed class PortEnvironmentVariable
{
    internal PortEnvironmentVariable(string variable, PortLease lease)
    {
        Variable = variable;
        Port = lease.Port;
        Protocol = lease.Protocol;
        Name = lease.Name;
        Scope = lease.Scope;
        OwnerProcessId = lease.OwnerProcessId;
        ExpiresAt = lease.ExpiresAt;
        Token = lease.Token;
        RegistryDirectory = lease.RegistryDirectory;
    }

    /// <summary>The environment variable.</summary>
    public string Variable { get; }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>The transport.</summary>
    public PortProtocol Protocol { get; }

    /// <summary>The name of the lease.</summary>
    public string Name { get; }

    /// <summary>What the name belongs to.</summary>
    public string Scope { get; }

    /// <summary>The process that the lease ends with; null for none.</summary>
    public int? OwnerProcessId { get; }

    /// <summary>When the lease ends at the latest, in UTC; null for when its owner ends.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>What renews and removes the lease, and no successor of it.</summary>
    public string? Token { get; }

    /// <summary>The registry that has the lease.</summary>
    public string RegistryDirectory { get; }

    /// <summary>The variable as a line of a .env file.</summary>
    public override string ToString() => Variable + "=" + Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

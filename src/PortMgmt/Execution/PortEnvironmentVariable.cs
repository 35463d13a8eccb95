using PortMgmt.Leases;
using PortMgmt.Ports;

namespace PortMgmt.PowerShell.Execution;

/// <summary>A variable of a project and the leased port that it is to have.</summary>
public sealed class PortEnvironmentVariable
{
    internal PortEnvironmentVariable(string variable, PortLease lease)
    {
        Variable = variable;
        Lease = lease;
    }

    /// <summary>The environment variable.</summary>
    public string Variable { get; }

    /// <summary>The port.</summary>
    public int Port => Lease.Port;

    /// <summary>The transport.</summary>
    public PortProtocol Protocol => Lease.Protocol;

    /// <summary>The name of the lease.</summary>
    public string Name => Lease.Name;

    /// <summary>What the name belongs to.</summary>
    public string Scope => Lease.Scope;

    /// <summary>The lease.</summary>
    public PortLease Lease { get; }

    /// <summary>The variable as a line of a .env file.</summary>
    public override string ToString() => Variable + "=" + Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

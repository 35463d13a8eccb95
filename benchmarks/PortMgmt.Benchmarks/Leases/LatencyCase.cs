namespace PortMgmt.Benchmarks.Leases;

/// <summary>What the measured process does.</summary>
internal enum LatencyCase
{
    /// <summary>512 names in turn, each lease released at once: services that come and go, and get their port again.</summary>
    Named,

    /// <summary>No name, and every lease kept: the table grows while it is measured.</summary>
    Kept,

    /// <summary>No name, each lease released at once: in the end every port of the range is quarantined.</summary>
    Churned,
}

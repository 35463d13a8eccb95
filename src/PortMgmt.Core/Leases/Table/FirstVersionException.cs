namespace PortMgmt.Leases.Table;

/// <summary>The table is whole, but of version 1: what lives in it has to be taken over first.</summary>
internal sealed class FirstVersionException() : Exception("the table is of version 1");

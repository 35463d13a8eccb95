namespace PortMgmt.Leases.Table;

/// <summary>The table holds what this program never wrote; it must be set aside.</summary>
internal sealed class TableDamageException(string what) : Exception(what);

namespace PortMgmt.Cli.Output;

/// <summary>How a row of a table is to be taken, shown by colour on terminals that have it.</summary>
internal enum RowStyle
{
    /// <summary>Nothing special.</summary>
    Plain,

    /// <summary>Something a reader should look at.</summary>
    Attention,

    /// <summary>Something that hardly matters any more.</summary>
    Faint,
}

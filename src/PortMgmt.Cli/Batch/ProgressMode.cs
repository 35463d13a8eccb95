namespace PortMgmt.Cli.Batch;

/// <summary>How a batch tells on standard error how it gets on.</summary>
internal enum ProgressMode
{
    /// <summary>A panel on a terminal, and lines now and then elsewhere.</summary>
    Auto,

    /// <summary>Lines now and then.</summary>
    Lines,

    /// <summary>Not at all.</summary>
    None,
}

namespace PortMgmt.TestProcess;

/// <summary>What goes wrong.</summary>
public enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The process is killed before a step.</summary>
    Kill,

    /// <summary>The process is killed in the middle of a write.</summary>
    Tear,

    /// <summary>The process is stopped before a step, with all that it holds.</summary>
    Stop,

    /// <summary>A write fails.</summary>
    BadDisk,

    /// <summary>A write finds the disk full, where a write can.</summary>
    FullDisk,

    /// <summary>The process has no descriptors left for a call.</summary>
    NoFiles,
}

namespace PortMgmt.Reports;

/// <summary>Writes a page to a file whole or not at all: a reader sees the old file or the new one.</summary>
internal static class ReportFile
{
    /// <summary>Writes a text as UTF-8.</summary>
    /// <param name="path">The file; a link is followed.</param>
    /// <param name="text">What it is to hold.</param>
    /// <param name="overwrite">Whether it may take the place of a file that is there.</param>
    /// <exception cref="IOException">It cannot be written, or is there and may not be overwritten; nothing has changed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; nothing has changed.</exception>
    public static void Write(string path, string text, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.StartsWith("/dev/", StringComparison.Ordinal))
        {
            // A device is written to; a file renamed to its name would take its place.
            File.WriteAllText(path, text);
            return;
        }

        string target = new FileInfo(path).LinkTarget is null ? Path.GetFullPath(path) : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        if (!overwrite && File.Exists(target))
        {
            throw new IOException($"The file '{path}' is there already.");
        }

        string draft = Path.Combine(Path.GetDirectoryName(target) ?? "", $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            File.WriteAllText(draft, text);
            File.Move(draft, target, overwrite);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}

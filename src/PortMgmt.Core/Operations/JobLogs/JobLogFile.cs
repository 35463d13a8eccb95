namespace PortMgmt.Operations;

/// <summary>The file of a job log, which one batch at a time writes.</summary>
internal static class JobLogFile
{
    /// <summary>Opens the file for one batch; everybody may read it meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="resume">Whether to keep what it has.</param>
    /// <exception cref="IOException">It cannot be opened, or another process writes to it.</exception>
    public static FileStream Open(string path, bool resume)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        try
        {
            if (file.CanSeek)
            {
                Claim(file);
                if (!resume && file.Length > 0)
                    file.SetLength(0);
            }

            return file;
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }
    }

    // A byte that no log ever reaches: locked ones cannot be read on Windows. Elsewhere sharing keeps nobody out, and macOS has no
    // such locks in .NET: there, two batches that write to one log are not told apart.
    private static void Claim(FileStream file)
    {
        if (!OperatingSystem.IsMacOS() && !OperatingSystem.IsIOS() && !OperatingSystem.IsTvOS())
            file.Lock(long.MaxValue - 1, 1);
    }
}

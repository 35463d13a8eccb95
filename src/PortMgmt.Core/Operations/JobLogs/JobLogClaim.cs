using PortMgmt.Platform.Linux;

namespace PortMgmt.Operations.JobLogs;

/// <summary>Sees to it that one batch at a time writes to a job log, be it of this process or of another, and everybody may read it.</summary>
internal static class JobLogClaim
{
    // ERROR_SHARING_VIOLATION of Windows, and EAGAIN of Linux and of macOS: what .NET reports where an opening does not share.
    private static readonly int[] InUse = [unchecked((int)0x80070020), 11, 35];

    /// <summary>Whether a file could not be opened because somebody else has it open.</summary>
    public static bool IsTaken(IOException failure) => InUse.Contains(failure.HResult);

    /// <summary>Takes a file that is open for writing.</summary>
    /// <returns>What is to be kept open as well; null for nothing.</returns>
    /// <exception cref="OperationException">Another batch writes to it.</exception>
    public static FileStream? Take(FileStream file, string path)
    {
        // Windows keeps a second writer out by how the file was opened; a pipe or a device is nobody's log.
        if (OperatingSystem.IsWindows() || !file.CanSeek)
        {
            return null;
        }

        if (!OperatingSystem.IsLinux())
        {
            return Beside(file.Name);
        }

        TakeItself(file, path);
        return null;
    }

    /// <summary>Takes a file in the place of one that was taken: what is kept open beside it is there already.</summary>
    /// <exception cref="OperationException">Another batch writes to it.</exception>
    public static void Renew(FileStream file)
    {
        if (OperatingSystem.IsLinux())
        {
            TakeItself(file, file.Name);
        }
    }

    /// <summary>What to say where the file is another batch's.</summary>
    public static OperationException Refusal(string path) => new(
        OperationErrorCode.JobLogUnusable, $"The job log '{path}' cannot be opened: another batch writes to it. Wait for its end, or name another file.");

    /// <summary>Claims a file by another beside it, which exists as long as the claim does: a lock on the file itself would keep out readers.</summary>
    internal static FileStream Beside(string path) =>
        new($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);

    private static void TakeItself(FileStream file, string path)
    {
        if (!LinuxFileClaim.TryTake(file.SafeFileHandle))
        {
            throw Refusal(path);
        }

        LinuxFileClaim.AppendAlways(file.SafeFileHandle);
    }
}

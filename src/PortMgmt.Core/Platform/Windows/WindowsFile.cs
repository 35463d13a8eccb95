using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Windows;

/// <summary>Opens and replaces files as the registry needs it: following no link, and telling what is not there from what may not be read.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsFile
{
    // While a file is replaced, those who open it and those who replace it are refused for a moment.
    private const int Attempts = 40;
    private const int MillisecondsBetween = 10;

    // Whoever replaces has to meet a moment in which nobody reads: in short steps, for some seconds.
    private const int Replacements = 2000;

    /// <summary>Opens a regular file; null when it is not there.</summary>
    public static SafeFileHandle? Open(string path, bool readOnly)
    {
        for (int attempt = 1; ; attempt++)
        {
            SafeFileHandle file = Kernel32.OpenFile(
                path,
                Kernel32.GenericRead | (readOnly ? 0 : Kernel32.GenericWrite),
                Kernel32.ShareAll,
                null,
                Kernel32.OpenExisting,
                Kernel32.OpenReparsePoint,
                0);
            if (!file.IsInvalid)
            {
                return DemandRegular(file, path);
            }

            int error = Marshal.GetLastPInvokeError();
            file.Dispose();
            switch (error)
            {
                case Kernel32.ErrorFileNotFound:
                    return null;
                case Kernel32.ErrorPathNotFound:
                    DemandNoFileAbove(path);
                    return null;
                case Kernel32.ErrorSharingViolation when attempt < Attempts:
                case Kernel32.ErrorAccessDenied when readOnly && attempt < Attempts:
                    Thread.Sleep(MillisecondsBetween);
                    continue;
                case Kernel32.ErrorAccessDenied when Directory.Exists(path):
                    // The system says the same of a directory and of a file that may not be opened.
                    throw new IOException($"'{path}' is a directory and no file");
                default:
                    throw Failure(error, path);
            }
        }
    }

    /// <summary>Gives a draft the name of a file that others may have open at the moment.</summary>
    public static void Replace(string draft, string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                File.Move(draft, path, overwrite: true);
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && attempt < Replacements && File.Exists(draft))
            {
                Thread.Sleep(attempt % 4);
            }
        }
    }

    private static SafeFileHandle DemandRegular(SafeFileHandle file, string path)
    {
        uint* information = stackalloc uint[Kernel32.FileInformationLength / sizeof(uint)];
        string? fault = Kernel32.GetFileType(file) != Kernel32.DiskFile ? "is no regular file"
            : Kernel32.GetFileInformation(file, information) != 0 && (information[0] & (uint)FileAttributes.ReparsePoint) != 0 ? "is a link; links are not followed"
            : null;
        if (fault is null)
        {
            return file;
        }

        file.Dispose();
        throw new UnauthorizedAccessException($"'{path}' {fault}");
    }

    /// <summary>The system says of a path below a file what it says of one below nothing.</summary>
    private static void DemandNoFileAbove(string path)
    {
        for (string? above = Path.GetDirectoryName(path); above is not null && !Directory.Exists(above); above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above))
            {
                throw new IOException($"'{above}' is a file and no directory");
            }
        }
    }

    private static Exception Failure(int error, string path)
    {
        string message = $"{new Win32Exception(error).Message.TrimEnd('.')}: '{path}'";
        return error == Kernel32.ErrorAccessDenied
            ? new UnauthorizedAccessException(message)
            : new IOException(message, unchecked((int)0x8007_0000) | error);
    }
}

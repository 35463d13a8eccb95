# The long form runs with PORTMGMT_SOAK=1: ten times a hundred shells, a second or more each.
BeforeDiscovery {
    $sizes = if ($env:PORTMGMT_SOAK -eq '1') { 1..10 | ForEach-Object -Process { @{ Shells = 100; Lot = $_ } } } else { @{ Shells = 5; Lot = 1 } }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')

    # What one shell does from its start to its end; what it says last is proof that it came that far.
    $life = "
        `$ErrorActionPreference = 'Stop'; `$ProgressPreference = 'SilentlyContinue'
        Import-Module '$ManifestPath'
        `$lease = New-PortLease -Name import-soak
        `$sum = (1..10 | Start-OperationBatch -MaxConcurrent 2 -Raw { `$_ * 2 } | Measure-Object -Sum).Sum
        Remove-Module PortMgmt
        if (Get-Command New-PortLease -ErrorAction Ignore -CommandType Cmdlet) { throw 'The module is still there.' }
        `"`$(`$lease.Port) `$sum`""

    # A shell with a directory of its own for temporary files.
    function Invoke-Shell {
        param([string] $Command, [string] $TemporaryDirectory)
        $before = $env:TMPDIR
        $env:TMPDIR = $TemporaryDirectory
        try {
            Invoke-TestShell -Command $Command 2>&1
        }
        finally {
            $env:TMPDIR = $before
        }
    }

    # Processes that were started with the registry in their environment; this one was not, it set it later.
    function Get-ProcessOf {
        param([string] $Registry)
        [System.IO.Directory]::GetDirectories('/proc') | Where-Object -FilterScript {
            # A process may end between the look at the directory and the look at the file.
            try { [System.IO.File]::ReadAllText("$_/environ").Contains($Registry) } catch { $false }
        }
    }

    # The semaphore in which callers of the registry queue, named by a hash of its lock file's path (LinuxLockQueue).
    function Get-SemaphoreKey {
        param([string] $LockFile)
        $hash = 2166136261
        foreach ($character in $LockFile.ToCharArray()) {
            $hash = (($hash -bxor [int]$character) * 16777619) -band 0xFFFFFFFFL
        }
        [int]::Parse(($hash -bor 1).ToString('x8'), [System.Globalization.NumberStyles]::HexNumber)
    }
}

Describe 'A shell that imports the module, uses it, removes it and ends' {
    BeforeAll {
        Use-TestRegistry
        $temporary = (New-Item -ItemType Directory -Path (Join-Path $TestDrive 't')).FullName
    }

    AfterAll {
        Clear-TestRegistry
    }

    It 'does so <Shells> times and leaves nothing behind (lot <Lot>)' -ForEach $sizes {
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $ports = foreach ($shell in 1..$Shells) {
            $said = Invoke-Shell -Command $life -TemporaryDirectory $temporary
            $LASTEXITCODE | Should -Be 0 -Because "shell $shell said: $said"
            $said | Should -Match '^\d+ 110$' -Because "shell $shell said: $said"
            Get-PortLease | Where-Object -Property State -EQ 'Active' | Should -BeNullOrEmpty -Because 'its owner has ended'
            [System.IO.Directory]::GetFileSystemEntries($temporary) | Should -BeNullOrEmpty
            [int]$said.Split(' ')[0]
        }
        Write-Information -InformationAction Continue -MessageData "    $($ports.Count) shells, $(@($ports | Sort-Object -Unique).Count) ports, $([math]::Round($clock.Elapsed.TotalSeconds)) s"

        Remove-StalePort
        Get-PortLease | Should -BeNullOrEmpty
        [System.IO.Directory]::GetFiles($env:PORTMGMT_REGISTRY) | Should -HaveCount 2 -Because 'there is one lock and one table'
        if ($IsLinux) {
            Get-ProcessOf $env:PORTMGMT_REGISTRY | Should -BeNullOrEmpty
            $key = Get-SemaphoreKey (Join-Path $env:PORTMGMT_REGISTRY 'leases.lock')
            [System.IO.File]::ReadAllLines('/proc/sysvipc/sem') | Where-Object -FilterScript { $_ -match "^\s*$key\s" } | Should -BeNullOrEmpty
        }
    }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Remove-PortLease' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'ends a lease given as an object' {
        New-PortLease -Name web | Remove-PortLease | Should -BeNullOrEmpty
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'ends leases given as objects without the word, as Stop-Process takes processes; so do the others' {
        $leases = New-PortLease web, api
        (Update-PortLease $leases[0] -TimeToLive 1h -PassThru).Port | Should -Be $leases[0].Port
        (Remove-PortLease $leases[0] -PassThru).Name | Should -Be 'web'
        (Remove-PortLease ([System.Collections.Generic.List[object]] @($leases[1])) -PassThru).Name | Should -Be 'api'
        Get-PortLease | Should -BeNullOrEmpty
        { Get-PortLease $leases[0] } | Should -Throw '*is no name. Give a name as text, or pipe the object in.'
        (Set-PortPolicy ([PortMgmt.Leases.PortPolicy]::new()) -PassThru).Exclude | Should -BeNullOrEmpty
    }

    It 'finds its lease by <_>' -ForEach 'Name', 'Port', 'Token' {
        $null = New-PortLease -Name other
        $lease = New-PortLease -Name web
        $selection = @{ $_ = $lease.$_ }
        Remove-PortLease @selection
        (Get-PortLease).Name | Should -Be 'other'
    }

    It 'ends all that a wildcard names' {
        $null = 'web1', 'web2', 'api' | New-PortLease
        Remove-PortLease web*
        (Get-PortLease).Name | Should -Be 'api'
    }

    It 'ends only the lease of the name that has the port' {
        $leases = 'web', 'web' | New-PortLease
        Remove-PortLease -Name web -Port $leases[0].Port
        (Get-PortLease).Port | Should -Be $leases[1].Port
    }

    It 'takes rows with a port column alone' {
        $lease = New-PortLease -Name web
        [pscustomobject]@{ Port = "$($lease.Port)" } | Remove-PortLease
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'ends the leases of a process, and not that of its name' {
        $other = Start-TestProcess
        try {
            $null = New-PortLease -Name (Get-Process -Id $PID).Name -ProcessId $other.Id
            $null = 'web', 'api' | New-PortLease
            (Get-Process -Id $PID | Remove-PortLease -Name api -PassThru).Name | Should -Be 'api'
            (Get-Process -Id $PID | Remove-PortLease -PassThru).Name | Should -Be 'web'
            (Get-PortLease).OwnerProcessId | Should -Be $other.Id
            $failure = { Get-Process -Id $PID | Remove-PortLease } | Should -Throw -ErrorId 'LeaseNotFound,*' -PassThru
            $failure.TargetObject | Should -Be $PID
            Remove-PortLease -OwnerProcessId $other.Id
            Get-PortLease | Should -BeNullOrEmpty
        }
        finally {
            Stop-TestProcess -Process $other
        }
    }

    It 'reports a process without a lease and goes on' {
        $null = New-PortLease -Name web
        Remove-PortLease -ProcessId $PID, 1 -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures.TargetObject | Should -Be 1
        { Remove-PortLease -Name web -ProcessId $PID } | Should -Throw '*no lease with name*'
        $null = New-PortLease -Name web
        { Remove-PortLease -Name web -ProcessId 1 } | Should -Throw '*owns no lease of these*'
        (Get-PortLease).Name | Should -Be 'web'
    }

    It 'takes no name of <Kind> for that of a lease, and neither does Update-PortLease' -ForEach @(
        @{ Kind = 'a file'; Make = { Get-Item -LiteralPath $PSCommandPath } }
        @{ Kind = 'a selection of a file'; Make = { Get-Item -LiteralPath $PSCommandPath | Select-Object -Property Name } }
        @{ Kind = 'a copy of a file'; Make = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-Item -LiteralPath $PSCommandPath), 1)) } }
        @{ Kind = 'a selection of a process'; Make = { Get-Process -Id $PID | Select-Object -Property Id, Name } }
        @{ Kind = 'a process in a CSV file with types'; Make = { Get-Process -Id $PID | Select-Object -Property Name | ConvertTo-Csv -IncludeTypeInformation | ConvertFrom-Csv } }
        @{ Kind = 'a row with a process'; Make = { [pscustomobject]@{ Name = 'web'; ProcessId = $PID } } }
        @{ Kind = 'a daemon'; Make = { New-Daemon -Name web; Remove-Daemon -Name web } }
        @{ Kind = 'an address'; Make = { [uri] 'http://elsewhere:8080' } }
        @{ Kind = 'a hashtable'; Make = { @{ Name = 'web' } } }
    ) {
        $piped = & $make
        $name = $piped.Name
        $null = New-PortLease -Name web
        if ($name -and $name -ne 'web') {
            $null = New-PortLease -Name $name
        }
        $held = (Get-PortLease).Port
        foreach ($call in { $piped | Remove-PortLease }, { $piped | Remove-PortLease -Port $held }, { $piped | Update-PortLease -TimeToLive 1h }) {
            $call | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        }
        $left = Get-PortLease
        $left.Port | Should -Be $held
        $left.ExpiresAt.Where({ $_ }) | Should -BeNullOrEmpty
    }

    It 'takes <Kind> for what it was written for' -ForEach @(
        @{ Kind = 'a row of a type of its own'; Make = { [pscustomobject]@{ PSTypeName = 'My.Row'; Name = 'web' } } }
        @{ Kind = 'a copy of such a row'; Make = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize([pscustomobject]@{ PSTypeName = 'My.Row'; Name = 'web' })) } }
        @{ Kind = 'a selection of a row'; Make = { [pscustomobject]@{ Name = 'web'; More = 1 } | Select-Object -Property Name } }
        @{ Kind = 'a selection of a lease'; Make = { Get-PortLease -Name web | Select-Object -Property Name, OwnerProcessId } }
        @{ Kind = 'a line of JSON'; Make = { (Get-PortLease -Name web).ToJson() | ConvertFrom-Json } }
        @{ Kind = 'a lease in a CSV file with types'; Make = { Get-PortLease -Name web | ConvertTo-Csv -IncludeTypeInformation | ConvertFrom-Csv } }
        @{ Kind = 'a row of a table'; Make = { $table = [System.Data.DataTable]::new(); $null = $table.Columns.Add('Name'); $table.Rows.Add('web') } }
        @{ Kind = 'a row with port and process'; Make = { [pscustomobject]@{ Port = (Get-PortLease -Name web).Port; ProcessId = $PID; Name = 'web' } } }
    ) {
        $null = 'web', 'api' | New-PortLease
        & $make | Remove-PortLease
        (Get-PortLease).Name | Should -Be 'api'
    }

    It 'ends the lease of the port that something listens on' {
        $lease = New-PortLease -Name web
        $listener = Start-TestListener -Port $lease.Port
        try {
            Get-PortListener -Port $lease.Port | Remove-PortLease
            Get-PortLease | Should -BeNullOrEmpty
        }
        finally {
            $listener.Stop()
        }
    }

    It 'puts out what it ended with -PassThru' {
        $null = 'web1', 'web2' | New-PortLease
        (Remove-PortLease web* -PassThru).Name | Sort-Object | Should -Be 'web1', 'web2'
    }

    It 'asks for each lease: -WhatIf names them and ends none' {
        $lease = New-PortLease -Name web
        $said = Invoke-TestShell -Command "Import-Module '$ManifestPath'; Remove-PortLease web -WhatIf"
        $said | Should -BeLike "*End lease*TCP port $($lease.Port) of 'web'*"
        (Get-PortLease).Name | Should -Be 'web'
    }

    It 'refuses when no lease is named, rather than end them all' {
        $null = New-PortLease -Name web
        { Remove-PortLease } | Should -Throw -ErrorId 'InvalidRequest,*'
        { [pscustomobject]@{ Name = ''; Port = $null; Token = '' } | Remove-PortLease } | Should -Throw
        (Get-PortLease).Name | Should -Be 'web'
    }

    It 'reports a name that is not there and goes on' {
        $null = New-PortLease -Name api
        Remove-PortLease -Name web, api -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'LeaseNotFound,PortMgmt.PowerShell.Commands.RemovePortLeaseCommand'
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'ends a lease in the registry that it came from' {
        $elsewhere = Join-Path $TestDrive 'elsewhere'
        $here = New-PortLease -Name here
        $there = New-PortLease -Name there -Registry $elsewhere
        $there, $here | Remove-PortLease
        Get-PortLease | Should -BeNullOrEmpty
        Get-PortLease -Registry $elsewhere | Should -BeNullOrEmpty
    }

    It 'reports a text that is no token' {
        $failure = { Remove-PortLease -Token nonsense } | Should -Throw -ErrorId 'InvalidRequest,*' -PassThru
        $failure.TargetObject | Should -Be 'nonsense'
    }

    It 'never takes a successor' {
        $old = New-PortLease -Name web
        $listed = Get-PortLease -Name web
        $old | Remove-PortLease
        $new = New-PortLease -Name web -Port $old.Port -WarningAction SilentlyContinue
        { $old | Remove-PortLease } | Should -Throw -ErrorId 'LeaseNotOwned,*'
        { $listed | Remove-PortLease -Force } | Should -Throw
        (Get-PortLease -Port $new.Port).Name | Should -Be 'web'
    }
}
